package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static io.handfast.netty.RawClient.request;
import static io.handfast.netty.RawClient.upgrade;
import static io.handfast.netty.frame.ClientFrameBytes.FIN;
import static io.handfast.netty.frame.ClientFrameBytes.PING;
import static io.handfast.netty.frame.ClientFrameBytes.PONG;
import static io.handfast.netty.frame.ClientFrameBytes.close;
import static io.handfast.netty.frame.ClientFrameBytes.frame;
import static io.handfast.netty.frame.ClientFrameBytes.join;
import static io.handfast.netty.frame.ClientFrameBytes.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import io.handfast.netty.RawClient.Frame;
import io.handfast.netty.RawClient.Response;
import io.handfast.netty.http.Caller;
import io.handfast.netty.http.Gatekeeper.Admission;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class WebSocketTest {
    private static final String ASK =
            "{\"type\":\"user_message\",\"thread_id\":\"t\",\"message_id\":\"m1\",\"text\":\"one two\"}";

    private final CompletableFuture<Admission> decision = new CompletableFuture<>();
    private final TestGateway gateway = new TestGateway.Wishes()
            .gatekeeper(knock -> "slow".equals(knock.queryUser()) ? decision : TestGateway.anybody(knock))
            .origins("https://page.example")
            .start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Response refused(String request) {
        try (RawClient client = gateway.client()) {
            Response response = client.send(request).response();
            assertThat(response.header("content-type")).isEqualTo("application/problem+json");
            assertThat(client.ends()).isTrue();
            return response;
        }
    }

    // ---- the upgrade

    @Test
    void the_101_is_that_of_rfc_6455_and_the_first_frame_is_a_ping() {
        try (RawClient client = gateway.client()) {
            Response response = client.send(upgrade("/v1/ws")).head();
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(response.header("upgrade")).isEqualTo("websocket");
            assertThat(response.header("connection")).isEqualTo("Upgrade");
            assertThat(response.header("sec-websocket-protocol")).isNull();
            Frame first = client.frame();
            assertThat(first.opcode()).isEqualTo(PING);
            assertThat(first.payload()).hasSize(8);
        }
    }

    @Test
    void the_first_known_protocol_is_chosen_and_never_the_bearer() {
        try (RawClient client = gateway.client()) {
            Response response = client.send(upgrade(
                            "/v1/ws",
                            "Sec-WebSocket-Protocol: other, bearer.abc",
                            "Sec-WebSocket-Protocol: handfast.v1.transport, handfast.v1"))
                    .head();
            assertThat(response.header("sec-websocket-protocol")).isEqualTo("handfast.v1.transport");
        }
    }

    @Test
    void the_bearer_protocol_is_a_credential() {
        assertThat(refused(upgrade("/v1/ws", "Sec-WebSocket-Protocol: handfast.v1, bearer.wrong"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_request_that_asks_for_no_upgrade_is_426() {
        Response response = refused(get("/v1/ws"));
        assertThat(response.status()).isEqualTo(426);
        assertThat(response.header("upgrade")).isEqualTo("websocket");
    }

    @Test
    void another_version_is_426_and_names_13() {
        Response response = refused(upgrade("/v1/ws").replace("Version: 13", "Version: 8"));
        assertThat(response.status()).isEqualTo(426);
        assertThat(response.header("sec-websocket-version")).isEqualTo("13");
    }

    @Test
    void another_method_is_405() {
        Response response = refused(request("POST", "/v1/ws", "{}"));
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("allow")).isEqualTo("GET");
    }

    @Test
    void a_bad_key_is_400_and_named() {
        for (String key : new String[] {"", "short", "AAAAAAAAAAAAAAAAAAAAAAA=", "!!!!!!!!!!!!!!!!!!!!!!=="}) {
            Response response = refused(upgrade("/v1/ws").replace(RawClient.KEY, key));
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json()).containsEntry("field", "Sec-WebSocket-Key");
        }
    }

    @Test
    void a_connection_header_that_does_not_name_upgrade_is_400() {
        Response response = refused(upgrade("/v1/ws").replace("Connection: Upgrade", "Connection: keep-alive"));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json()).containsEntry("field", "Connection");
    }

    @Test
    void http_1_0_cannot_upgrade() {
        assertThat(refused(upgrade("/v1/ws").replace("HTTP/1.1", "HTTP/1.0")).status())
                .isEqualTo(400);
    }

    @Test
    void a_bad_query_parameter_is_400_and_named() {
        Map<String, String> bad = Map.of(
                "thread_id=a%2Fb", "thread_id",
                "thread_id=...", "thread_id",
                "thread_id=t&after_seq=-1", "after_seq",
                "thread_id=t&after_seq=last", "after_seq",
                "thread_id=t&after_seq=1&epoch=a:b", "epoch",
                "user=", "user",
                "thread_id=a&thread_id=b", "thread_id");
        bad.forEach((query, field) -> {
            Response response = refused(upgrade("/v1/ws?" + query));
            assertThat(response.status()).as(query).isEqualTo(400);
            assertThat(response.json()).as(query).containsEntry("field", field);
        });
    }

    @Test
    void a_foreign_origin_is_403_and_a_listed_one_passes() {
        assertThat(refused(upgrade("/v1/ws", "Origin: https://evil.example")).status())
                .isEqualTo(403);
        try (RawClient client = gateway.client()) {
            assertThat(client.send(upgrade("/v1/ws", "Origin: https://page.example"))
                            .head()
                            .status())
                    .isEqualTo(101);
        }
    }

    @Test
    void a_thread_of_another_user_is_403_before_the_101() {
        try (RawClient owner = gateway.client()) {
            owner.open("/v1/ws?user=ann&thread_id=t").await("subscribed");
            assertThat(refused(upgrade("/v1/ws?user=bob&thread_id=t")).status()).isEqualTo(403);
        }
    }

    // ---- a conversation

    @Test
    void a_question_is_accepted_and_answered_in_order() {
        try (RawClient client = gateway.client()) {
            client.open("/v1/ws?thread_id=t").await("subscribed");
            client.text(ASK);
            long last = 0;
            Map<String, Object> event;
            do {
                event = client.await(frame -> frame.containsKey("seq") && frame.containsKey("payload"));
                Object first = Objects.requireNonNull(event.getOrDefault("first_seq", event.get("seq")));
                assertThat(first).isEqualTo(last + 1);
                last = (long) Objects.requireNonNull(event.get("seq"));
            } while (!"agent_completed".equals(event.get("type")));
            assertThat(event.get("payload")).asInstanceOf(MAP).containsEntry("text", "one two");
        }
    }

    @Test
    void two_readers_get_the_same_bytes() {
        try (RawClient one = gateway.client();
                RawClient two = gateway.client()) {
            one.open("/v1/ws?thread_id=t").await("subscribed");
            two.open("/v1/ws?thread_id=t").await("subscribed");
            one.text(ASK);
            Map<String, Object> seenByOne = one.await("agent_completed");
            assertThat(two.await("agent_completed")).isEqualTo(seenByOne);
        }
    }

    @Test
    void the_client_of_the_jdk_works_without_knowing_the_protocol() {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                received.add(data.toString());
                socket.request(1);
                return CompletableFuture.completedFuture(null);
            }
        };
        URI uri = URI.create("ws://127.0.0.1:" + gateway.address().getPort() + "/v1/ws?thread_id=t");
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, listener)
                .join();
        await().atMost(RawClient.PATIENCE)
                .until(() -> received.stream()
                        .anyMatch(
                                text -> text.contains("connection_ready") && text.contains("\"proof\":\"transport\"")));
        socket.sendText(ASK, true).join();
        await().atMost(RawClient.PATIENCE)
                .until(() -> received.stream().anyMatch(text -> text.contains("\"agent_completed\"")));
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
        await().atMost(RawClient.PATIENCE).until(socket::isInputClosed);
    }

    @Test
    void tier_application_is_proven_by_its_own_handler() {
        try (RawClient client = gateway.client()) {
            client.send(upgrade("/v1/ws", "Sec-WebSocket-Protocol: handfast.v1"))
                    .head();
            Map<String, Object> validation = client.await("handshake_validation");
            client.text("{\"type\":\"handshake_ack\",\"validation_id\":\"" + validation.get("validation_id") + "\"}");
            assertThat(client.await("connection_ready")).containsEntry("proof", "application");
        }
    }

    @Test
    void a_ping_is_answered_with_its_payload() {
        try (RawClient client = gateway.client()) {
            client.open("/v1/ws").send(frame(FIN | PING, "hello".getBytes(US_ASCII)));
            Frame pong = client.data();
            assertThat(pong.opcode()).isEqualTo(PONG);
            assertThat(pong.text()).isEqualTo("hello");
        }
    }

    @Test
    void a_close_is_echoed_and_the_transport_ends() {
        try (RawClient client = gateway.client()) {
            client.open("/v1/ws").send(close(1000, "bye"));
            assertThat(client.closeCode()).isEqualTo(1000);
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void the_connection_ends_with_4500_when_its_credential_expires() {
        try (RawClient client = gateway.client()) {
            client.send(upgrade("/v1/ws", "Authorization: Bearer short")).head();
            client.await("connection_ready");
            assertThat(client.closeCode()).isEqualTo(4500);
        }
    }

    // ---- bytes at odd times

    @Test
    void frames_in_the_same_packet_as_the_request_are_kept_in_order_and_prove_nothing() {
        try (RawClient client = gateway.client()) {
            client.send(join(upgrade("/v1/ws").getBytes(US_ASCII), text("{\"type\":\"a\"}"), text("{\"type\":\"b\"}")));
            assertThat(client.head().status()).isEqualTo(101);
            assertThat(client.frame().opcode()).isEqualTo(PING);
            Frame ping = client.frame(); // again, instead of connection_ready
            assertThat(ping.opcode()).isEqualTo(PING);
            client.send(frame(FIN | PONG, ping.payload()));
            assertThat(client.await("connection_ready")).containsEntry("proof", "transport");
            assertThat(client.await("error").get("message")).asString().contains("unknown type a");
            assertThat(client.await("error").get("message")).asString().contains("unknown type b");
        }
    }

    @Test
    void frames_sent_while_it_is_decided_who_it_is_are_kept_too() {
        try (RawClient client = gateway.client()) {
            byte[] second = text("{\"type\":\"b\"}");
            client.send(upgrade("/v1/ws?user=slow").getBytes(US_ASCII));
            client.send(text("{\"type\":\"a\"}"));
            client.send(Arrays.copyOf(second, 4));
            try (RawClient other = gateway.client()) {
                // Answered on the other loop or this one, behind the bytes above in either case: nothing hangs.
                assertThat(other.call(get("/healthz")).status()).isEqualTo(200);
            }
            decision.complete(new Admission.Admitted(new Caller("slow", null, Set.of("chat"))));
            assertThat(client.head().status()).isEqualTo(101);
            client.send(Arrays.copyOfRange(second, 4, second.length));
            assertThat(client.frame().opcode()).isEqualTo(PING);
            Frame ping = client.frame(); // again: what came before the 101, if only in part, proves nothing
            assertThat(ping.opcode()).isEqualTo(PING);
            client.send(frame(FIN | PONG, ping.payload()));
            client.await("connection_ready");
            assertThat(client.await("error").get("message")).asString().contains("unknown type a");
            assertThat(client.await("error").get("message")).asString().contains("unknown type b");
        }
    }

    @Test
    void an_upgrade_may_come_byte_by_byte_and_so_may_frames() {
        try (RawClient client = gateway.client()) {
            client.dribble(upgrade("/v1/ws?thread_id=t").getBytes(US_ASCII));
            assertThat(client.head().status()).isEqualTo(101);
            client.await("subscribed");
            client.dribble(text(ASK));
            client.await("agent_completed");
        }
    }

    @Test
    void a_client_that_ends_its_output_still_gets_what_is_under_way() {
        try (RawClient client = gateway.client()) {
            client.open("/v1/ws");
            client.send(frame(FIN | PING, "last".getBytes(US_ASCII))).endOutput();
            assertThat(client.data().text()).isEqualTo("last");
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void an_upgrade_may_be_pipelined_behind_another_request_with_frames_behind_it() {
        try (RawClient client = gateway.client()) {
            client.send(join(
                    get("/v1/agents?user=slow").getBytes(US_ASCII),
                    upgrade("/v1/ws").getBytes(US_ASCII),
                    text("{\"type\":\"a\"}")));
            decision.complete(new Admission.Admitted(new Caller("slow", null, Set.of("chat"))));
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(client.head().status()).isEqualTo(101);
            assertThat(client.await("error").get("message")).asString().contains("unknown type a");
        }
    }

    @Test
    void frames_behind_a_refused_upgrade_are_dropped() {
        try (RawClient client = gateway.client()) {
            client.send(join(
                    upgrade("/v1/ws", "Authorization: Bearer wrong").getBytes(US_ASCII), text("{\"type\":\"a\"}")));
            assertThat(client.response().status()).isEqualTo(401);
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void a_client_that_vanishes_before_the_decision_harms_nobody() {
        RawClient client = gateway.client();
        client.send(upgrade("/v1/ws?user=slow"));
        client.send(text("{\"type\":\"a\"}"));
        client.reset();
        decision.complete(new Admission.Admitted(new Caller("slow", null, Set.of("chat"))));
        try (RawClient other = gateway.client()) {
            other.open("/v1/ws");
        }
    }
}
