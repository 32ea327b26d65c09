package io.handfast.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.handfast.agents.upstream.FakeUpstream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent that asks before it goes on, in a real Chromium. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AskingAgentTest {
    private static final String STARTED =
            "{\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"r\",\"protocolVersion\":\"1.0\"}";
    private static final String APPROVAL = finished("{\"type\":\"interrupt\",\"interrupts\":[{\"id\":\"i1\","
            + "\"reason\":\"approval\",\"message\":\"Delete 3 files?\",\"metadata\":{\"files\":[\"a\",\"b\",\"c\"]},"
            + "\"responseSchema\":{\"type\":\"object\",\"properties\":{\"approved\":{\"type\":\"boolean\"}}}}]}");

    private Browser browser;

    @BeforeEach
    void open() {
        browser = Browser.open();
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
            assertThat(browser.errors()).isEmpty();
        }
    }

    @Test
    void an_approval_is_asked_for_and_given_also_after_a_reload() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
                    exchange.stream().event(STARTED);
                    if (exchange.request().body().contains("\"resume\"")) {
                        exchange.event(said("Deleted.")).event(finished("{\"type\":\"success\"}"));
                    } else {
                        exchange.event(said("I found 3 old files.")).event(APPROVAL);
                    }
                });
                TestServer server = TestServer.start(
                        "HANDFAST_AGENTS_CLEANER_URL", upstream.uri("/").toString())) {
            Page page = browser.page(server.url());
            ask(page, "clean up");
            Locator asked = page.getByTestId("asked");
            assertThat(asked).isVisible();
            assertThat(asked).containsText("Delete 3 files?");
            upstream.request();

            page.reload();
            assertThat(asked).isVisible();
            page.getByTestId("agent").selectOption("echo"); // the answer is the asking agent's all the same
            page.getByTestId("choice")
                    .filter(new Locator.FilterOptions().setHasText("Approve"))
                    .click();

            assertThat(page.getByTestId("answer").last()).hasText("Deleted.");
            assertThat(upstream.request().body())
                    .contains(
                            "\"resume\":[{\"interruptId\":\"i1\",\"status\":\"resolved\",\"payload\":{\"approved\":true}}]");
            assertThat(asked).hasAttribute("data-open", "false");
            assertThat(page.getByTestId("choice")).hasCount(0);
        }
    }

    @Test
    void the_result_of_a_tool_that_is_left_to_the_person_is_written_in_words() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
                    exchange.stream().event(STARTED);
                    if (exchange.request().body().contains("\"role\":\"tool\"")) {
                        exchange.event(said("I read it.")).event(finished("{\"type\":\"success\"}"));
                    } else {
                        exchange.event(
                                        "{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"c1\",\"toolCallName\":\"pick_file\"}")
                                .event(
                                        "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c1\",\"delta\":\"{\\\"type\\\":\\\"pdf\\\"}\"}")
                                .event("{\"type\":\"TOOL_CALL_END\",\"toolCallId\":\"c1\"}")
                                .event(finished("{\"type\":\"success\",\"pendingToolCallIds\":[\"c1\"]}"));
                    }
                });
                TestServer server = TestServer.start(
                        "HANDFAST_AGENTS_READER_URL", upstream.uri("/").toString())) {
            Page page = browser.page(server.url());
            ask(page, "read it");
            assertThat(page.getByTestId("asked")).isVisible();
            assertThat(page.getByTestId("asked")).containsText("pick_file");
            assertThat(page.getByTestId("tool-call")).hasAttribute("data-status", "pending");
            upstream.request();

            page.getByTestId("asked-text").fill("letter.pdf");
            page.keyboard().press("Enter");

            assertThat(page.getByTestId("answer").last()).hasText("I read it.");
            assertThat(upstream.request().body()).contains("\"toolCallId\":\"c1\"", "\"content\":\"letter.pdf\"");
        }
    }

    private static void ask(Page page, String question) {
        assertThat(page.locator("[data-testid=agent] option").first()).hasCount(1);
        page.getByTestId("composer").fill(question);
        page.keyboard().press("Enter");
    }

    private static String said(String text) {
        return "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"a\",\"delta\":\"" + text + "\"}";
    }

    private static String finished(String outcome) {
        return "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\",\"outcome\":" + outcome + "}";
    }
}
