package dev.troupe.rollout.environment;

import dev.troupe.protocol.check.NearestName;
import dev.troupe.rollout.environment.classic.ClassicControl;
import dev.troupe.rollout.environment.gymnasium.GymnasiumEnvironments;
import dev.troupe.rollout.environment.mujoco.MujocoTasks;
import dev.troupe.rollout.environment.props.PropsTasks;
import dev.troupe.rollout.environment.toytext.ToyText;
import dev.troupe.rollout.environment.wrapper.Wrappers;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The environments that recipes and commands can name: Troupe's own, those that an {@link
 * EnvironmentProvider} on the class path names, Gymnasium's by {@code gym:NAME}, and any class that
 * implements {@link Environment}, by its full name.
 *
 * <p>Every environment has the options of {@link Wrappers} and {@code time-limit} beside its own.
 */
public final class Environments {
  private static final String TIME_LIMIT = "time-limit";

  /** Options that every environment has. */
  private static final Set<String> COMMON =
      Stream.concat(Wrappers.OPTIONS.stream(), Stream.of(TIME_LIMIT))
          .collect(Collectors.toUnmodifiableSet());

  private final NavigableMap<String, EnvironmentKind> kinds = new TreeMap<>();
  private final ClassLoader classes;
  private final Map<String, String> variables;

  private Environments(ClassLoader classes, Map<String, String> variables) {
    this.classes = classes;
    this.variables = Map.copyOf(variables);
    add(ClassicControl.kinds());
    add(ToyText.kinds());
    add(PropsTasks.kinds());
    add(MujocoTasks.kinds(variables));
  }

  /** What Troupe has and what is on its own class path. */
  public static Environments standard() {
    return standard(System.getenv());
  }

  /** The same, with the Python and the MuJoCo that these variables lead to. */
  public static Environments standard(Map<String, String> variables) {
    return from(Environments.class.getClassLoader(), variables);
  }

  /**
   * Troupe's and what {@code classes} can see.
   *
   * @param variables of a process, which lead to Python and MuJoCo
   * @throws BadEnvironmentException if a provider can't be read or takes another's id
   */
  public static Environments from(ClassLoader classes, Map<String, String> variables) {
    var environments = new Environments(classes, variables);
    try {
      for (var provider : ServiceLoader.load(EnvironmentProvider.class, classes)) {
        environments.add(provider.environments());
      }
    } catch (ServiceConfigurationError e) {
      throw new BadEnvironmentException(
          "a provider of environments can't be used: " + e.getMessage(), e);
    }
    return environments;
  }

  private void add(List<EnvironmentKind> added) {
    for (EnvironmentKind kind : added) {
      EnvironmentKind other = kinds.putIfAbsent(kind.id(), kind);
      if (other != null) {
        throw new BadEnvironmentException(
            "two environments have the id [" + kind.id() + "]: rename yours");
      }
    }
  }

  /** All that have ids, in order of these. */
  public Collection<EnvironmentKind> kinds() {
    return Collections.unmodifiableCollection(kinds.values());
  }

  /**
   * The environment that {@code name} names, with its options; made once to see that it can be.
   *
   * @param name an id or a class's full name
   * @throws BadEnvironmentException for a name or an option that doesn't exist
   */
  public EnvironmentSource find(String name, Map<String, String> options) {
    EnvironmentKind kind = kinds.get(name);
    if (kind == null) {
      kind =
          name.startsWith(GymnasiumEnvironments.PREFIX)
              ? GymnasiumEnvironments.kind(name, COMMON, variables)
              : new EnvironmentKind(name, "", 0, constructor(name));
    }
    Function<EnvironmentOptions, Environment> make = Wrappers.around(kind.make());
    var read = new EnvironmentOptions(name, options);
    int timeLimit = read.integer(TIME_LIMIT, kind.timeLimit(), 0, Integer.MAX_VALUE);
    make.apply(read).close();
    read.refuseUnknown();
    return new EnvironmentSource(
        name, options, timeLimit, () -> make.apply(new EnvironmentOptions(name, options)));
  }

  private Function<EnvironmentOptions, Environment> constructor(String name) {
    Class<?> type = environmentClass(name);
    if (!Environment.class.isAssignableFrom(type)) {
      throw new BadEnvironmentException(
          "class [" + name + "] must implement [" + Environment.class.getName() + "]");
    }
    try {
      var withOptions = type.getDeclaredConstructor(EnvironmentOptions.class);
      return options -> construct(withOptions, options);
    } catch (NoSuchMethodException e) {
      try {
        var plain = type.getDeclaredConstructor();
        return _ -> construct(plain);
      } catch (NoSuchMethodException none) {
        throw new BadEnvironmentException(
            "class ["
                + name
                + "] must have a constructor without parameters or with one of type ["
                + EnvironmentOptions.class.getName()
                + "]",
            none);
      }
    }
  }

  private Class<?> environmentClass(String name) {
    try {
      return Class.forName(name, true, classes);
    } catch (ClassNotFoundException | LinkageError e) {
      boolean looksLikeClass = name.indexOf('.') > 0;
      throw new BadEnvironmentException(
          "environment ["
              + name
              + "] doesn't exist, did you mean ["
              + NearestName.of(name, kinds.keySet())
              + "]? Expected one of "
              + kinds.keySet()
              + ", gym:NAME for any of Gymnasium's, or the name of a class on the class path"
              + (looksLikeClass ? "; no class could be loaded: " + e : ""),
          e);
    }
  }

  private static Environment construct(Constructor<?> constructor, Object... arguments) {
    try {
      constructor.setAccessible(true);
      return (Environment) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof BadEnvironmentException bad) {
        throw bad;
      }
      throw new BadEnvironmentException(
          "environment [" + constructor.getName() + "] can't be made: " + e.getCause(), e);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new BadEnvironmentException(
          "environment [" + constructor.getName() + "] can't be made: " + e, e);
    }
  }
}
