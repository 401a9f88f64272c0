package dev.troupe.rollout.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The system calls that a jail hasn't got, as a classic BPF program.
 *
 * <p>The namespaces and limits hold without it. It closes what they leave open: memory that no
 * limit counts (memfd, System V), sockets that know no network namespace (vsock, netlink),
 * processes that look into each other, further namespaces, and parts of the kernel that no exercise
 * needs. What is denied answers "not permitted"; {@code clone3} answers "not implemented", upon
 * which the C library takes {@code clone}, whose flags can be seen.
 *
 * @param audit the kernel's name for the processor
 * @param cloning number of the call [clone]
 * @param cloning3 number of the call [clone3]
 * @param socket number of the call [socket]
 * @param denied numbers of calls that are refused whatever their arguments
 */
record SeccompFilter(int audit, int cloning, int cloning3, int socket, List<Integer> denied) {
  private static final int LOAD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_AT_LEAST = 0x35;
  private static final int JUMP_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int NUMBER_AT = 0;
  private static final int PROCESSOR_AT = 4;
  private static final int FIRST_ARGUMENT_AT = 16;

  private static final int ALLOW = 0x7fff0000;
  private static final int KILL = 0x80000000;
  private static final int NOT_PERMITTED = 0x00050000 | 1;
  private static final int NOT_IMPLEMENTED = 0x00050000 | 38;

  /** Above these amd64 has the numbers of its 32-bit variant x32. */
  private static final int X32 = 0x40000000;

  private static final int NEW_NAMESPACES = 0x7e020000;
  private static final int UNIX_SOCKETS = 1;

  /**
   * memfd_create, memfd_secret, shmget, shmat, shmctl, msgget, msgsnd, semget, mq_open, ptrace,
   * process_vm_readv, process_vm_writev, kcmp, pidfd_getfd, process_madvise, unshare, setns, mount,
   * umount2, pivot_root, chroot, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick,
   * mount_setattr, bpf, perf_event_open, userfaultfd, io_uring_setup, io_uring_enter,
   * io_uring_register, add_key, request_key, keyctl, open_by_handle_at, name_to_handle_at,
   * fanotify_init, inotify_init1, kexec_load, kexec_file_load, init_module, finit_module,
   * delete_module, acct, swapon, reboot, syslog, quotactl, personality, mbind, set_mempolicy,
   * migrate_pages, move_pages.
   */
  private static final SeccompFilter AMD64 =
      new SeccompFilter(
          0xc000003e,
          56,
          435,
          41,
          List.of(
              319, 447, 29, 30, 31, 68, 69, 64, 240, 101, 310, 311, 312, 438, 440, 272, 308, 165,
              166, 155, 161, 428, 429, 430, 431, 432, 433, 442, 321, 298, 323, 425, 426, 427, 248,
              249, 250, 304, 303, 300, 294, 246, 320, 175, 313, 176, 163, 167, 169, 103, 179, 135,
              237, 238, 256, 279, 253));

  private static final SeccompFilter AARCH64 =
      new SeccompFilter(
          0xc00000b7,
          220,
          435,
          198,
          List.of(
              279, 447, 194, 196, 195, 186, 189, 190, 180, 117, 270, 271, 272, 438, 440, 97, 268,
              40, 39, 41, 51, 428, 429, 430, 431, 432, 433, 442, 280, 241, 282, 425, 426, 427, 217,
              218, 219, 265, 264, 262, 26, 104, 294, 105, 273, 106, 89, 224, 142, 116, 60, 92, 235,
              237, 238, 239));

  private record Instruction(int code, int yes, int no, int value) {}

  /** For a processor as Java names it. */
  static Optional<SeccompFilter> of(String processor) {
    return switch (processor) {
      case "amd64", "x86_64" -> Optional.of(AMD64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }

  /** The program as the kernel reads it. */
  byte[] program() {
    List<Instruction> program = new ArrayList<>();
    program.add(new Instruction(LOAD, 0, 0, PROCESSOR_AT));
    program.add(new Instruction(JUMP_EQUAL, 1, 0, audit));
    program.add(new Instruction(RETURN, 0, 0, KILL));
    program.add(new Instruction(LOAD, 0, 0, NUMBER_AT));
    program.add(new Instruction(JUMP_AT_LEAST, 0, 1, X32));
    program.add(new Instruction(RETURN, 0, 0, NOT_PERMITTED));
    for (int number : denied) {
      program.add(new Instruction(JUMP_EQUAL, 0, 1, number));
      program.add(new Instruction(RETURN, 0, 0, NOT_PERMITTED));
    }
    program.add(new Instruction(JUMP_EQUAL, 0, 1, cloning3));
    program.add(new Instruction(RETURN, 0, 0, NOT_IMPLEMENTED));
    program.add(new Instruction(JUMP_EQUAL, 0, 3, cloning));
    program.add(new Instruction(LOAD, 0, 0, FIRST_ARGUMENT_AT));
    program.add(new Instruction(JUMP_ANY_BIT, 4, 0, NEW_NAMESPACES));
    program.add(new Instruction(RETURN, 0, 0, ALLOW));
    program.add(new Instruction(JUMP_EQUAL, 0, 3, socket));
    program.add(new Instruction(LOAD, 0, 0, FIRST_ARGUMENT_AT));
    program.add(new Instruction(JUMP_EQUAL, 1, 0, UNIX_SOCKETS));
    program.add(new Instruction(RETURN, 0, 0, NOT_PERMITTED));
    program.add(new Instruction(RETURN, 0, 0, ALLOW));
    ByteBuffer bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.nativeOrder());
    for (Instruction each : program) {
      bytes.putShort((short) each.code()).put((byte) each.yes()).put((byte) each.no());
      bytes.putInt(each.value());
    }
    return bytes.array();
  }
}
