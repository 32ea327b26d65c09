package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents of the project: what they link to is there. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\(([^)\\s]+)\\)");
    private static final Pattern TEST = Pattern.compile("`([a-z0-9]+(_[A-Za-z0-9]+)+)`");

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
