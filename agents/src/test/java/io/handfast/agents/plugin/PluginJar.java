package io.handfast.agents.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Makes jars of classes that are on no class path but their own. */
public final class PluginJar {
    private PluginJar() {}

    /** The class file of a class without package, made of its source. */
    public static byte[] compiled(Path work, String className, String code) throws IOException {
        Path source = Files.writeString(work.resolve(className + ".java"), code);
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        StringWriter messages = new StringWriter();
        boolean compiles = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-parameters",
                                "-d",
                                work.toString(),
                                "-cp",
                                System.getProperty("java.class.path")),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiles).as(messages.toString()).isTrue();
        return Files.readAllBytes(work.resolve(className + ".class"));
    }

    /** A jar with this class; {@code services} is what its file of services holds, and none is written when it is empty. */
    public static void write(Path jar, String className, byte[] code, Class<?> service, String services)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(className + ".class"));
            zip.write(code);
            if (!services.isEmpty()) {
                zip.putNextEntry(new ZipEntry("META-INF/services/" + service.getName()));
                zip.write(services.getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
