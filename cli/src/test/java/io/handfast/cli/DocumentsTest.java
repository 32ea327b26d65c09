package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents of the project: what they link to is there. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("`([a-z0-9]+(_[A-Za-z0-9]+)+)`");
    private static final Pattern MODE = Pattern.compile("(?m)^\\| (F\\d\\d) .*$");
    private static final Pattern TEST_OF_MODE = Pattern.compile("void ((?:f\\d\\d_)+[A-Za-z0-9_]+)\\(");

    @Test
    void every_link_leads_to_a_file_and_every_named_test_is_in_it() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Files.readString(document));
            while (link.find()) {
                String target = link.group(2).replaceFirst("#.*", "");
                if (target.isEmpty() || target.contains("://")) {
                    continue;
                }
                Path file = document.resolveSibling(target).normalize();
                Matcher test = TEST.matcher(link.group(1));
                if (!Files.exists(file)) {
                    broken.add(document + ": " + target);
                } else if (test.matches() && !Files.readString(file).contains("void " + test.group(1) + "(")) {
                    broken.add(document + ": " + test.group(1) + " is no test of " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void the_table_of_failure_modes_has_all_24_and_every_test_that_bears_their_numbers() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Matcher row = MODE.matcher(Files.readString(ROOT.resolve("docs/failure-modes.md")));
        while (row.find()) {
            rows.put(row.group(1), row.group());
        }
        assertThat(rows.keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 24)
                        .mapToObj("F%02d"::formatted)
                        .toList());
        rows.forEach((mode, text) -> assertThat(LINK.matcher(text)
                        .results()
                        .filter(link -> TEST.matcher(link.group(1)).matches()))
                .as("tests of %s: the machine and the running server", mode)
                .hasSizeGreaterThanOrEqualTo(2));
        for (String test : testsOfModes()) {
            Matcher number = Pattern.compile("f(\\d\\d)_").matcher(test);
            while (number.find()) {
                assertThat(rows.get("F" + number.group(1))).contains("`" + test + "`");
            }
        }
    }

    private static List<String> testsOfModes() throws IOException {
        List<String> tests = new ArrayList<>();
        for (String module : List.of("core", "netty", "server", "sim", "bench", "cli")) {
            Path folder = ROOT.resolve(module).resolve("src/test/java");
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(path -> path.toString().endsWith("Test.java"))
                            .toList()) {
                        Matcher test = TEST_OF_MODE.matcher(Files.readString(file));
                        while (test.find()) {
                            tests.add(test.group(1));
                        }
                    }
                }
            }
        }
        return tests;
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : new Path[] {ROOT, ROOT.resolve("docs"), ROOT.resolve("spec")}) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }
}
