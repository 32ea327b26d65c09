package io.handfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.protocol.Json.MalformedJsonException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final String DEEPEST = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    /** As long as a number may be; it is written with a point and a longer exponent. */
    private static final String LONGEST = "1".repeat(Json.MAX_NUMBER_LENGTH - 2) + "e1";

    @Test
    void what_was_within_the_bounds_is_read_again_inside_what_is_written_around_it() throws MalformedJsonException {
        for (String given : new String[] {DEEPEST, LONGEST}) {
            Object value = Json.read(given.getBytes(UTF_8));
            byte[] event = Json.write(Map.of("payload", Map.of("value", value)));
            assertThat(Json.readOwn(event)).isEqualTo(Map.of("payload", Map.of("value", value)));
            assertThatThrownBy(() -> Json.read(event)).isInstanceOf(MalformedJsonException.class);
        }
    }
}
