package io.handfast.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The list of conversations in a real Chromium, and what a conversation says of events that are gone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreadListPageTest {
    private Browser browser;

    @BeforeAll
    void start() {
        browser = Browser.open();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void the_page_reports_no_error() {
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void after_a_restart_the_list_is_that_of_the_server_newest_first(@TempDir Path data) throws Exception {
        String[] onDisk = {"HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString()};
        try (TestServer first = TestServer.start(onDisk)) {
            ask(first, "t1", "first question");
            ask(first, "t2", "second question");
            first.server().drain();
        }
        try (TestServer second = TestServer.start(onDisk)) {
            Page page = browser.page(second.url());
            assertThat(threads(page)).hasCount(2);
            assertThat(threads(page).nth(0)).containsText("second question");
            assertThat(threads(page).nth(1)).containsText("first question");

            threads(page).nth(1).click();
            assertThat(page.getByTestId("message-user")).hasText("first question");
            assertThat(page.locator(".header-title")).hasText("first question");
        }
    }

    @Test
    void a_long_list_comes_in_pages() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (int i = 0; i < 52; i++) {
                ask(server, "t" + i, "question " + i);
            }
            Page page = browser.page(server.url());
            assertThat(threads(page)).hasCount(50);
            page.getByTestId("threads-more").click();
            assertThat(threads(page)).hasCount(52);
            assertThat(page.getByTestId("threads-more")).hasCount(0);
            assertThat(threads(page).nth(51)).containsText("question 0");
        }
    }

    @Test
    void a_conversation_is_deleted_after_a_question_and_whoever_reads_it_is_told() throws Exception {
        try (TestServer server = TestServer.start()) {
            ask(server, "t1", "to be kept");
            ask(server, "t2", "to be deleted");
            Page page = browser.page(server.url());
            Page reader = browser.tab(page, server.url() + "/#/t/t2");
            assertThat(reader.getByTestId("message-user")).hasText("to be deleted");
            assertThat(threads(page)).hasCount(2);

            page.getByTestId("thread-remove").first().click();
            page.getByTestId("thread-keep").click();
            assertThat(threads(page)).hasCount(2);

            page.getByTestId("thread-remove").first().click();
            page.keyboard().press("Escape");
            assertThat(page.getByTestId("thread-delete")).hasCount(0);

            page.getByTestId("thread-remove").first().click();
            page.getByTestId("thread-delete").click();
            assertThat(threads(page)).hasCount(1);
            assertThat(threads(page).first()).containsText("to be kept");
            assertThat(server.get("/v1/threads/t2/events").statusCode()).isEqualTo(404);
            assertThat(reader.locator(".notice")).containsText("This conversation was deleted");
            assertThat(threads(reader)).hasCount(1);
        }
    }

    @Test
    void a_message_that_waits_for_a_conversation_goes_with_it_and_does_not_begin_it_anew() throws Exception {
        try (TestServer server = TestServer.start("HANDFAST_RUNS_PER_THREAD", "1")) {
            ask(server, "t", "never answered", "{\"hang_after_chunks\":1}");
            Page page = browser.page(server.url() + "/#/t/t");
            assertThat(page.getByTestId("stop")).isVisible();
            page.getByTestId("composer").fill("refused for the moment");
            page.getByTestId("composer").press("Enter");
            String waiting = "Object.keys(sessionStorage).some((key) => key.startsWith('handfast.outbox'))";
            await().atMost(TestServer.PATIENCE)
                    .pollInSameThread()
                    .until(() -> page.evaluate(waiting), Boolean.TRUE::equals);

            page.getByTestId("thread-remove").click();
            page.getByTestId("thread-delete").click();

            assertThat(threads(page)).hasCount(0);
            await().atMost(TestServer.PATIENCE)
                    .pollInSameThread()
                    .until(() -> page.evaluate(waiting), Boolean.FALSE::equals);
            assertThat(server.get("/v1/threads/t/events").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void what_is_no_longer_kept_is_said_where_it_was() throws Exception {
        try (TestServer server = TestServer.start("HANDFAST_RETENTION_EVENTS_PER_THREAD", "64")) {
            String words = IntStream.range(0, 100).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
            ask(server, "t", words);
            Page page = browser.page(server.url() + "/#/t/t");
            assertThat(page.locator("[data-testid=message-agent][data-run-state=completed]"))
                    .isVisible();
            Locator first = page.locator(".messages-inner > *").first();
            assertThat(first).hasText("Older messages are no longer kept.");
            assertThat(page.getByTestId("answer")).hasText(words);
        }
    }

    @Test
    void a_history_that_was_replaced_is_said_in_the_conversation() throws Exception {
        TestServer first = TestServer.start();
        String port = Integer.toString(first.port());
        ask(first, "t", "before");
        Page page = browser.page(first.url() + "/#/t/t");
        assertThat(page.getByTestId("message-user")).hasText("before");
        first.close();

        try (TestServer second = TestServer.start("HANDFAST_PORT", port)) {
            ask(second, "t", "after");
            assertThat(page.locator(".messages-inner > .notice"))
                    .containsText("The history of this conversation was replaced on the server");
            assertThat(page.getByTestId("message-user")).hasText("after");
        }
    }

    private static Locator threads(Page page) {
        return page.getByTestId("thread");
    }

    /** Asks, and waits for the end of the answer, which is what the order of the list goes by. */
    private static void ask(TestServer server, String threadId, String text) throws Exception {
        ask(server, threadId, text, "{}");
        await().atMost(TestServer.PATIENCE)
                .until(() -> server.get("/v1/threads/" + threadId + "/events?limit=1000")
                        .body()
                        .contains("\"agent_completed\""));
    }

    private static void ask(TestServer server, String threadId, String text, String options) throws Exception {
        String message =
                "{\"message_id\":\"m\",\"agent\":\"echo\",\"text\":\"" + text + "\",\"options\":" + options + "}";
        assertThat(server.post("/v1/threads/" + threadId + "/messages", message).statusCode())
                .isEqualTo(202);
    }
}
