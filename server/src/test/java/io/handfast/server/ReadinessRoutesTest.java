package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /admin/v1/readiness} at the running server. */
class ReadinessRoutesTest {
    private static final String PATH = "/admin/v1/readiness";

    @Test
    void a_change_is_for_new_connections_and_shows_where_people_look() throws Exception {
        try (TestServer server = TestServer.start("HANDFAST_READINESS_SETTLE_MS", "30")) {
            assertThat(server.get(PATH).body())
                    .isEqualTo("{\"strategy\":\"proof\",\"unproven\":\"degrade\",\"validation_message\":\"negotiated\","
                            + "\"settle_ms\":30,\"deadline_ms\":5000}");

            HttpResponse<String> changed = server.put(PATH, "{\"strategy\":\"basic\",\"settle_ms\":0}");

            assertThat(changed.statusCode()).isEqualTo(200);
            assertThat(changed.body()).isEqualTo(server.get(PATH).body()).contains("\"basic\"", "\"settle_ms\":0");
            assertThat(server.get("/status").body()).contains("\"strategy\":\"basic\"");
            try (TestClient client = server.connect("")) {
                assertThat(client.await("connection_ready").fields()).containsEntry("proof", "none");
            }
            server.put(PATH, "{\"strategy\":\"proof\"}");
            try (TestClient client = server.connect("")) {
                assertThat(client.await("connection_ready").fields()).containsEntry("proof", "transport");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"strategy":"prof"}         | strategy is 'prof'; allowed: proof, timed, basic
            {"strategy":7}              | strategy is 7; allowed: proof, timed, basic
            {"strategy":null}           | strategy is null; allowed: proof, timed, basic
            {"mode":"proof"}            | mode is no field of the policy; allowed: strategy, unproven, validation_message, settle_ms, deadline_ms
            {"unproven":"open"}         | unproven is 'open'; allowed: degrade, close
            {"settle_ms":10001}         | settle_ms is 10001; allowed: 0ms to 10s, as a number of milliseconds
            {"settle_ms":"5ms"}         | settle_ms is '5ms'; allowed: 0ms to 10s, as a number of milliseconds
            {"deadline_ms":99}          | deadline_ms is 99; allowed: 100ms to 60s, as a number of milliseconds
            {"settle_ms":5000}          | settle_ms (5000) has to be less than deadline_ms (5000)
            []                          | the body must be one JSON object
            """)
    void what_is_wrong_changes_nothing_and_is_told_with_what_is_allowed(String body, String message) throws Exception {
        try (TestServer server = TestServer.start()) {
            String before = server.get(PATH).body();

            HttpResponse<String> refused = server.put(PATH, body);

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains(message);
            assertThat(server.get(PATH).body()).isEqualTo(before);
        }
    }
}
