package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests of the page's own scripts, which are written for Node.js. */
class PageScriptsTest {
    private static final Path TESTS = Path.of("src/test/js");

    @Test
    void the_scripts_of_the_page_pass_their_tests() throws Exception {
        NodeJs.need("node");
        List<String> tests;
        try (Stream<Path> files = Files.list(TESTS)) {
            tests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted()
                    .toList();
        }
        assertThat(tests).as("tests in " + TESTS).isNotEmpty();

        String output = NodeJs.run(
                TESTS,
                Stream.concat(Stream.of("node", "--test"), tests.stream()).toArray(String[]::new));

        Matcher passed = Pattern.compile("(?m)^\\S+ pass (\\d+)$").matcher(output);
        assertThat(passed.find()).as(output).isTrue();
        assertThat(Integer.parseInt(passed.group(1))).isGreaterThanOrEqualTo(tests.size());
    }
}
