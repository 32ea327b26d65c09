package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tests of the page's own scripts, which are written for Node.js. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PageScriptsTest {
    private static final Path TESTS = Path.of("src/test/js");

    @Test
    void the_scripts_of_the_page_pass_their_tests() throws Exception {
        NodeJs.need("node");
        List<String> command;
        try (Stream<Path> files = Files.list(TESTS)) {
            Stream<String> tests = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.js"))
                    .sorted();
            command = Stream.concat(Stream.of("node", "--test"), tests).toList();
        }

        String output = NodeJs.run(TESTS, command.toArray(new String[0]));

        Matcher passed = Pattern.compile("(?m)^\\S+ pass (\\d+)$").matcher(output);
        assertThat(passed.find()).as(output).isTrue();
        assertThat(Integer.parseInt(passed.group(1))).isGreaterThanOrEqualTo(command.size() - 2);
    }
}
