package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static io.handfast.netty.RawClient.post;
import static io.handfast.netty.RawClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.handfast.netty.RawClient.Response;
import io.handfast.netty.http.HttpLimits;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class HttpTest {
    /** Nobody here is too slow by chance. */
    private static final HttpLimits LIMITS = limits(Duration.ofMinutes(5));

    private static HttpLimits limits(Duration patience) {
        return new HttpLimits(2_000, 4_000, 10_000, patience, patience, patience, patience);
    }

    private final CompletableFuture<HttpReply> late = new CompletableFuture<>();
    private final TestGateway gateway = new TestGateway.Wishes()
            .http(LIMITS)
            .origins("https://page.example")
            .route(HttpRoute.open("GET", "/late", call -> late))
            .route(HttpRoute.open(
                    "POST",
                    "/length",
                    call -> CompletableFuture.completedFuture(HttpReply.text(200, "" + call.body().length))))
            .route(HttpRoute.open(
                    "GET",
                    "/static/{path...}",
                    call -> CompletableFuture.completedFuture(HttpReply.text(200, call.capture("path")))))
            .route(HttpRoute.open("GET", "/throws", call -> {
                throw new IllegalStateException("on purpose");
            }))
            .start();
    private final RawClient bystander = gateway.client();

    @BeforeEach
    void a_bystander_is_connected() {
        assertThat(bystander.call(get("/healthz")).status()).isEqualTo(200);
    }

    @AfterEach
    void the_bystander_is_not_disturbed() {
        assertThat(bystander.call(get("/healthz")).status()).isEqualTo(200);
        bystander.close();
        gateway.close();
    }

    private Response call(String request) {
        try (RawClient client = gateway.client()) {
            return client.call(request);
        }
    }

    /** The answer to a request that also ends the connection. */
    private Response lastCall(String request) {
        return lastCall(gateway, request);
    }

    private static Response lastCall(TestGateway gateway, String request) {
        try (RawClient client = gateway.client()) {
            Response response = client.call(request);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.ends()).isTrue();
            return response;
        }
    }

    private static void isProblem(Response response, int status, String code) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.header("content-type")).isEqualTo("application/problem+json");
        assertThat(response.json()).containsEntry("status", (long) status).containsEntry("code", code);
        assertThat(response.json()).containsKeys("type", "title", "detail");
    }

    @Test
    void a_call_takes_a_credential_with_its_scope() {
        HttpReply reply = HttpReply.text(200, "in");
        try (TestGateway other = new TestGateway.Wishes()
                        .route(HttpRoute.admin("GET", "/a", call -> CompletableFuture.completedFuture(reply)))
                        .start();
                RawClient client = other.client()) {
            Response refused = client.call(get("/a"));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("scope has to contain admin");
        }
    }

    @Test
    void a_connection_is_kept_for_the_next_request() {
        try (RawClient client = gateway.client()) {
            assertThat(client.call(get("/healthz")).status()).isEqualTo(200);
            assertThat(client.call(get("/readyz")).status()).isEqualTo(200);
        }
    }

    @Test
    void the_agents_are_listed_the_default_first() {
        Map<String, Object> body = call(get("/v1/agents")).json();
        assertThat(body).containsEntry("default", "parrot");
        assertThat(body.get("agents"))
                .asInstanceOf(LIST)
                .contains(Map.of("name", "parrot", "description", "Repeats what it is told."));
    }

    @Test
    void head_has_the_length_and_no_body() {
        try (RawClient client = gateway.client()) {
            Response head = client.send(request("HEAD", "/healthz", "")).head();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("content-length")).isEqualTo("6");
            assertThat(client.call(get("/healthz")).body()).isEqualTo("alive\n");
        }
    }

    @Test
    void an_unknown_path_is_404() {
        isProblem(call(get("/nowhere")), 404, "not_found");
    }

    @Test
    void a_wrong_method_is_405_and_says_which_are_right() {
        Response response = call(request("DELETE", "/healthz", ""));
        isProblem(response, 405, "method_not_allowed");
        assertThat(response.header("allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void pipelined_requests_are_answered_in_order() {
        try (RawClient client = gateway.client()) {
            client.send(get("/late") + get("/healthz") + get("/nowhere") + get("/readyz"));
            late.complete(HttpReply.text(200, "late"));
            assertThat(List.of(client.response(), client.response(), client.response(), client.response()))
                    .extracting(Response::body)
                    .satisfiesExactly(
                            body -> assertThat(body).isEqualTo("late"),
                            body -> assertThat(body).isEqualTo("alive\n"),
                            body -> assertThat(body).contains("not_found"),
                            body -> assertThat(body).isEqualTo("ready\n"));
        }
    }

    @Test
    void thousands_of_pipelined_requests_are_answered() {
        try (RawClient client = gateway.client()) {
            int requests = 1_000;
            Thread sender = new Thread(() -> client.send(get("/healthz").repeat(requests)));
            sender.start();
            for (int i = 0; i < requests; i++) {
                assertThat(client.response().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_request_may_come_byte_by_byte() {
        try (RawClient client = gateway.client()) {
            client.dribble(post("/length", "12345").getBytes(StandardCharsets.US_ASCII));
            assertThat(client.response().body()).isEqualTo("5");
        }
    }

    @Test
    void a_chunked_body_is_put_together() {
        try (RawClient client = gateway.client()) {
            client.send(
                    "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("5");
        }
    }

    @Test
    void a_client_may_wait_for_100_continue() {
        try (RawClient client = gateway.client()) {
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.head().status()).isEqualTo(100);
            assertThat(client.send("abc").response().body()).isEqualTo("3");
        }
    }

    @Test
    void http_1_0_is_answered_and_closed() {
        try (RawClient client = gateway.client()) {
            assertThat(client.call("GET /healthz HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void the_rest_of_a_path_may_be_captured() {
        assertThat(call(get("/static/a/b%20c.js")).body()).isEqualTo("a/b c.js");
    }

    @Test
    void a_route_that_throws_is_500() {
        isProblem(call(get("/throws")), 500, "internal_error");
    }

    @Test
    void what_is_not_http_is_400() {
        isProblem(lastCall("\u0016\u0003\u0001 nonsense\r\n\r\n"), 400, "bad_request");
    }

    @Test
    void a_request_without_host_is_400() {
        isProblem(lastCall("GET /healthz HTTP/1.1\r\n\r\n"), 400, "bad_request");
    }

    @Test
    void a_target_that_is_badly_encoded_is_400() {
        isProblem(lastCall(get("/v1/threads/%zz/events")), 400, "bad_request");
    }

    @Test
    void headers_over_the_limit_are_431() {
        isProblem(lastCall(get("/healthz", "X: " + "x".repeat(5_000))), 431, "headers_too_large");
    }

    @Test
    void a_request_line_over_the_limit_is_414() {
        isProblem(lastCall(get("/" + "x".repeat(3_000))), 414, "uri_too_long");
    }

    @Test
    void a_body_announced_over_the_limit_is_413_before_it_comes() {
        isProblem(lastCall("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10001\r\n\r\n"), 413, "too_large");
    }

    @Test
    void a_body_over_the_limit_is_413_although_the_client_goes_on_sending() {
        isProblem(lastCall(post("/length", "x".repeat(8_000_000))), 413, "too_large");
    }

    @Test
    void a_chunked_body_over_the_limit_is_413() {
        String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
        isProblem(
                lastCall("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3)),
                413,
                "too_large");
    }

    @Test
    void a_length_given_in_two_ways_is_400() {
        isProblem(
                lastCall(
                        "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                400,
                "bad_request");
    }

    @Test
    void a_body_cut_short_is_400() {
        try (RawClient client = gateway.client()) {
            client.send("POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
                    .endOutput();
            isProblem(client.response(), 400, "bad_request");
        }
    }

    @Test
    void a_client_that_ends_its_output_behind_a_request_gets_the_answer() {
        try (RawClient client = gateway.client()) {
            client.send(get("/late")).endOutput();
            late.complete(HttpReply.text(200, "late"));
            assertThat(client.response().body()).isEqualTo("late");
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void who_comes_too_slowly_gets_408_and_who_says_nothing_is_closed() {
        try (TestGateway impatient = new TestGateway.Wishes()
                        .http(limits(Duration.ofSeconds(2)))
                        .start();
                RawClient silent = impatient.client()) {
            isProblem(lastCall(impatient, "GET /healthz HTTP/1.1\r\nHost:"), 408, "request_timeout");
            isProblem(
                    lastCall(impatient, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"),
                    408,
                    "request_timeout");
            assertThat(silent.ends()).isTrue();
        }
    }

    @Test
    void a_client_that_resets_while_its_answer_is_made_harms_nobody() {
        RawClient client = gateway.client();
        client.send(get("/late"));
        client.reset();
        late.complete(HttpReply.text(200, "late"));
    }

    @Test
    void a_foreign_origin_is_403() {
        isProblem(call(get("/v1/agents", "Origin: https://evil.example")), 403, "forbidden");
        isProblem(call(get("/v1/agents", "Origin: null")), 403, "forbidden");
    }

    @Test
    void the_own_host_and_listed_origins_pass_and_may_read() {
        assertThat(call(get("/v1/agents", "Origin: http://test")).status()).isEqualTo(200);
        Response listed = call(get("/v1/agents", "Origin: https://page.example"));
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.header("access-control-allow-origin")).isEqualTo("https://page.example");
    }

    @Test
    void a_listed_origin_may_ask_before_it_posts() {
        Response response = call(request("OPTIONS", "/v1/threads/t/messages", "", "Origin: https://page.example"));
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("access-control-allow-methods")).isEqualTo("POST");
        isProblem(
                call(request("OPTIONS", "/v1/threads/t/messages", "", "Origin: https://evil.example")),
                403,
                "forbidden");
    }

    @Test
    void a_refused_credential_is_401_with_a_challenge() {
        Response response = call(get("/v1/agents", "Authorization: Bearer wrong"));
        isProblem(response, 401, "unauthorized");
        assertThat(response.header("www-authenticate")).isEqualTo("Bearer");
    }
}
