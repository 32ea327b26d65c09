package io.handfast.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EndpointTest {
    @Test
    void an_address_may_be_written_as_people_write_it() {
        Endpoint endpoint = new Endpoint("127.0.0.1", 8080);
        assertThat(Endpoint.parse("http://127.0.0.1:8080")).isEqualTo(endpoint);
        assertThat(Endpoint.parse("http://127.0.0.1:8080/")).isEqualTo(endpoint);
        assertThat(Endpoint.parse("ws://127.0.0.1:8080/v1/ws")).isEqualTo(endpoint);
        assertThat(Endpoint.parse("127.0.0.1:8080")).isEqualTo(endpoint);
        assertThat(Endpoint.parse("http://[::1]").address().getPort()).isEqualTo(80);
    }

    @Test
    void what_is_no_address_is_refused_with_what_is_allowed() {
        for (String wrong : new String[] {"https://127.0.0.1", "ftp://127.0.0.1", "http://127.0.0.1/chat", "a b"}) {
            assertThatThrownBy(() -> Endpoint.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "'")
                    .hasMessageContaining("allowed: http://HOST:PORT");
        }
    }
}
