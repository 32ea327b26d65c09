package io.handfast.agents.plugin;

import io.handfast.agent.Agent;
import io.handfast.agents.model.ToolSet;
import io.handfast.protocol.Ids;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * What the jars of a directory offer through {@link ServiceLoader}. Each jar has a class loader of its own, whose parent is
 * ours: jars do not see each other, and bring along what they need beyond the core. Closing this closes the class loaders.
 */
public final class Plugins implements AutoCloseable {
    private final List<URLClassLoader> loaders = new ArrayList<>();
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Map<String, ToolSet> toolSets = new LinkedHashMap<>();
    private final Map<String, Path> origins = new LinkedHashMap<>();

    private Plugins() {}

    /**
     * Loads every {@code *.jar} of the directory, in the order of their names.
     *
     * @throws IllegalArgumentException when a jar is broken, offers nothing, or offers a name twice; the message names the jar
     * @throws IOException when the directory cannot be read
     */
    public static Plugins load(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("plug-in directory " + directory + ": no such directory");
        }
        List<Path> jars;
        try (Stream<Path> files = Files.list(directory)) {
            jars = files.filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        Plugins plugins = new Plugins();
        try {
            for (Path jar : jars) {
                plugins.add(jar);
            }
            return plugins;
        } catch (IOException | RuntimeException e) {
            plugins.close();
            throw e;
        }
    }

    public List<Agent> agents() {
        return List.copyOf(agents.values());
    }

    public List<ToolSet> toolSets() {
        return List.copyOf(toolSets.values());
    }

    private void add(Path jar) throws IOException {
        checkReadable(jar);
        URLClassLoader loader =
                new URLClassLoader(jar.toString(), new URL[] {jar.toUri().toURL()}, Plugins.class.getClassLoader());
        loaders.add(loader);
        int found = register(jar, loader, Agent.class, Agent::name, agents)
                + register(jar, loader, ToolSet.class, ToolSet::name, toolSets);
        if (found == 0) {
            throw broken(
                    jar,
                    "offers nothing: it needs META-INF/services/" + Agent.class.getName() + " or META-INF/services/"
                            + ToolSet.class.getName());
        }
    }

    private static void checkReadable(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            if (zip.size() == 0) {
                throw broken(jar, "is empty");
            }
        } catch (ZipException e) {
            throw broken(jar, "is no jar: " + e.getMessage());
        }
    }

    private <S> int register(
            Path jar, ClassLoader loader, Class<S> type, Function<S, String> nameOf, Map<String, S> services) {
        int found = 0;
        try {
            List<ServiceLoader.Provider<S>> providers = ServiceLoader.load(type, loader).stream()
                    .filter(provider -> provider.type().getClassLoader() == loader) // not those of our own class path
                    .toList();
            for (ServiceLoader.Provider<S> provider : providers) {
                S service = provider.get();
                String name = nameOf.apply(service);
                checkName(jar, type, name);
                services.put(name, service);
                found++;
            }
            return found;
        } catch (ServiceConfigurationError | LinkageError e) {
            throw broken(jar, "cannot be used: " + e.getMessage(), e);
        }
    }

    private void checkName(Path jar, Class<?> type, String name) {
        if (!Ids.valid(name)) {
            throw broken(jar, "offers the name '" + name + "': must be " + Ids.ALLOWED);
        }
        Path other = origins.put(type.getSimpleName() + " " + name, jar);
        if (other != null) {
            throw broken(jar, "offers the name " + name + ", which " + other.getFileName() + " offers as well");
        }
    }

    private static IllegalArgumentException broken(Path jar, String what) {
        return new IllegalArgumentException("plug-in " + jar + " " + what);
    }

    private static IllegalArgumentException broken(Path jar, String what, Throwable cause) {
        return new IllegalArgumentException("plug-in " + jar + " " + what, cause);
    }

    @Override
    public void close() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }
}
