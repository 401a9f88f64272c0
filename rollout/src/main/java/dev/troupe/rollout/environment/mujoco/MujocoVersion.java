package dev.troupe.rollout.environment.mujoco;

import java.util.Arrays;
import java.util.Optional;

/**
 * Where a version of MuJoCo keeps what it has no function for: bytes from the beginning of mjModel
 * and mjData, from its own headers. They differ from version to version, so others are refused.
 */
enum MujocoVersion {
  V3_3_7("3.3.7", 337, Integer.BYTES, (1 << 13) - 1) {
    @Override
    int offset(InModel field) {
      return switch (field) {
        case NQ -> 0;
        case NV -> 4;
        case NU -> 8;
        case NBODY -> 16;
        case NGEOM -> 60;
        case NSITE -> 64;
        case TIMESTEP -> 352;
        case BODY_MASS -> 1496;
        case GEOM_TYPE -> 1896;
        case GEOM_SIZE -> 2008;
        case GEOM_RGBA -> 2088;
        case ACTUATOR_CTRLRANGE -> 4088;
      };
    }

    @Override
    int offset(InData field) {
      return switch (field) {
        case QPOS -> 161_656;
        case QVEL -> 161_664;
        case CTRL -> 161_696;
        case XPOS -> 161_792;
        case XIPOS -> 161_816;
        case GEOM_XPOS -> 161_848;
        case GEOM_XMAT -> 161_856;
        case SITE_XPOS -> 161_864;
        case CINERT -> 161_928;
        case CVEL -> 162_184;
        case QFRC_ACTUATOR -> 162_304;
        case QFRC_CONSTRAINT -> 162_328;
        case CFRC_EXT -> 162_360;
      };
    }
  },
  V4_0_0("4.0.0", 4_000_000, Long.BYTES, (1 << 15) - 1) {
    @Override
    int offset(InModel field) {
      return switch (field) {
        case NQ -> 0;
        case NV -> 8;
        case NU -> 16;
        case NBODY -> 48;
        case NGEOM -> 136;
        case NSITE -> 144;
        case TIMESTEP -> 792;
        case BODY_MASS -> 1944;
        case GEOM_TYPE -> 2432;
        case GEOM_SIZE -> 2552;
        case GEOM_RGBA -> 2648;
        case ACTUATOR_CTRLRANGE -> 5016;
      };
    }

    @Override
    int offset(InData field) {
      return switch (field) {
        case QPOS -> 160_688;
        case QVEL -> 160_696;
        case CTRL -> 160_744;
        case XPOS -> 160_848;
        case XIPOS -> 160_872;
        case GEOM_XPOS -> 160_912;
        case GEOM_XMAT -> 160_928;
        case SITE_XPOS -> 160_936;
        case CINERT -> 161_008;
        case CVEL -> 161_296;
        case QFRC_ACTUATOR -> 161_424;
        case QFRC_CONSTRAINT -> 161_448;
        case CFRC_EXT -> 161_480;
      };
    }
  };

  /** Fields of mjModel. */
  enum InModel {
    NQ,
    NV,
    NU,
    NBODY,
    NGEOM,
    NSITE,
    TIMESTEP,
    BODY_MASS,
    GEOM_TYPE,
    GEOM_SIZE,
    GEOM_RGBA,
    ACTUATOR_CTRLRANGE
  }

  /** Arrays of doubles that mjData points to. */
  enum InData {
    QPOS,
    QVEL,
    CTRL,
    XPOS,
    XIPOS,
    GEOM_XPOS,
    GEOM_XMAT,
    SITE_XPOS,
    CINERT,
    CVEL,
    QFRC_ACTUATOR,
    QFRC_CONSTRAINT,
    CFRC_EXT
  }

  private final String text;
  private final int number;
  private final int countBytes;
  private final int wholeState;

  MujocoVersion(String text, int number, int countBytes, int wholeState) {
    this.text = text;
    this.number = number;
    this.countBytes = countBytes;
    this.wholeState = wholeState;
  }

  /** The one that {@code mj_version()} names. */
  static Optional<MujocoVersion> of(int number) {
    return Arrays.stream(values()).filter(version -> version.number == number).findFirst();
  }

  abstract int offset(InModel field);

  abstract int offset(InData field);

  /** Bytes of a count in mjModel. */
  int countBytes() {
    return countBytes;
  }

  /** {@code mjSTATE_INTEGRATION}: all that the next step depends on. */
  int wholeState() {
    return wholeState;
  }

  @Override
  public String toString() {
    return text;
  }
}
