package io.handfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/config.md");

    /** Run with {@code -Drewrite.reference=true} to write the page anew. */
    @Test
    void the_page_of_settings_says_what_the_code_says() throws Exception {
        if (Boolean.getBoolean("rewrite.reference")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, Reference.markdown());
        }
        assertThat(PAGE).hasContent(Reference.markdown());
    }
}
