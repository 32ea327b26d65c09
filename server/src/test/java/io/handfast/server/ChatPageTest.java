package io.handfast.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The chat page in a real Chromium (requirements R17, R18). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatPageTest {
    private static final String LONG_TEXT =
            IntStream.range(0, 100).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    private Browser browser;
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        browser = Browser.open();
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void the_page_reports_no_error() {
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void a_question_is_answered_with_its_thoughts_and_tools_in_sight() {
        Page page = browser.page(server.url());
        awaitState(page, "ready");
        page.getByTestId("agent").selectOption("echo");
        ask(page, "to be or not to be");

        assertThat(page.getByTestId("message-user")).hasText("to be or not to be");
        awaitRun(page, "completed");
        assertThat(page.getByTestId("thinking")).isVisible();
        Locator tool = page.getByTestId("tool-call");
        assertThat(tool).hasAttribute("data-status", "ok");
        assertThat(tool).containsText("word_count");
        assertThat(page.getByTestId("answer")).hasText("to be or not to be");
    }

    @Test
    void the_documentation_answers_with_links_that_open() {
        Page page = browser.page(server.url());
        awaitState(page, "ready");
        ask(page, "What is the default heartbeat?");

        awaitRun(page, "completed");
        page.getByTestId("answer").locator("a[data-document]").first().click();
        assertThat(page.getByTestId("document")
                        .locator(".document-body h1, .document-body h2")
                        .first())
                .isVisible();
    }

    @Test
    void a_reload_in_the_middle_of_an_answer_shows_it_complete() throws Exception {
        Page page = browser.page(server.url() + "/#/t/reload");
        streamTo("reload");
        awaitWord(page, "word10");
        page.reload();

        awaitRun(page, "completed");
        assertThat(page.getByTestId("answer")).hasText(LONG_TEXT);
        assertThat(page.getByTestId("message-user")).hasCount(1);
    }

    @Test
    void an_answer_whose_chunks_come_as_one_frame_is_whole_in_the_middle_of_its_run() throws Exception {
        stream("together", "\"hang_after_chunks\":40");
        try (TestClient reader = server.connect("thread_id=together")) {
            reader.await(frame -> frame.event() && frame.seq() == 45);
        }
        Page page = browser.page(server.url() + "/#/t/together");
        awaitWord(page, "word39");

        // No end of the run, which would bring the whole text, has come yet.
        awaitRun(page, "running");
        assertThat(page.getByTestId("answer")).hasText(LONG_TEXT.substring(0, LONG_TEXT.indexOf(" word40")));
        assertThat(server.get("/metrics").body())
                .containsPattern("handfast_events_coalesced_total ([4-9]\\d|39|\\d{3})");
        page.getByTestId("stop").click();
        awaitRun(page, "cancelled");
    }

    @Test
    void a_line_that_is_cut_in_the_middle_of_an_answer_goes_on_where_it_was() throws Exception {
        try (Relay relay = new Relay(server.port())) {
            Page page = browser.page(relay.url() + "/#/t/cut");
            streamTo("cut");
            awaitWord(page, "word10");
            relay.cut();

            awaitRun(page, "completed");
            assertThat(page.getByTestId("answer")).hasText(LONG_TEXT);
            awaitState(page, "ready");
        }
    }

    @Test
    void a_server_that_is_started_anew_is_found_again_and_answers() throws Exception {
        TestServer first = TestServer.start();
        String port = Integer.toString(first.port());
        Page page = browser.page(first.url());
        awaitState(page, "ready");
        page.getByTestId("agent").selectOption("echo");
        ask(page, "before");
        awaitRun(page, "completed");
        first.close();
        awaitState(page, "reconnecting");

        try (TestServer second = TestServer.start("HANDFAST_PORT", port)) {
            assertThat(second.port()).hasToString(port);
            awaitState(page, "ready");
            ask(page, "after");
            Locator answer = page.getByTestId("answer").last();
            assertThat(answer).hasText("after");
        }
    }

    @Test
    void a_run_is_stopped_by_the_button() throws Exception {
        Page page = browser.page(server.url() + "/#/t/stop");
        stream("stop", "\"hang_after_chunks\":6");
        awaitWord(page, "word5");
        page.getByTestId("stop").click();

        awaitRun(page, "cancelled");
        assertThat(page.getByTestId("message-agent")).containsText("Stopped");
        assertThat(page.getByTestId("stop")).not().isVisible();
    }

    @Test
    void two_tabs_show_the_same() throws Exception {
        Page one = browser.page(server.url() + "/#/t/tabs");
        Page two = browser.tab(one, server.url() + "/#/t/tabs");
        streamTo("tabs");
        awaitWord(one, "word10");
        awaitWord(two, "word10");

        awaitRun(one, "completed");
        awaitRun(two, "completed");
        assertThat(two.getByTestId("answer").innerText())
                .isEqualTo(one.getByTestId("answer").innerText());
        assertThat(two.getByTestId("message-user").innerText())
                .isEqualTo(one.getByTestId("message-user").innerText());
        assertThat(two.getByTestId("answer")).hasText(LONG_TEXT);
    }

    /** Lets the echo agent answer in a thread for about four seconds. */
    private void streamTo(String thread) throws Exception {
        stream(thread, "\"chunk_delay_ms\":40");
    }

    private void stream(String thread, String options) throws Exception {
        String message = "{\"message_id\":\"m1\",\"agent\":\"echo\",\"text\":\"" + LONG_TEXT + "\",\"options\":{"
                + options + "}}";
        assertThat(server.post("/v1/threads/" + thread + "/messages", message).statusCode())
                .isEqualTo(202);
    }

    private static void ask(Page page, String question) {
        page.getByTestId("composer").fill(question);
        page.keyboard().press("Enter");
    }

    private static void awaitWord(Page page, String word) {
        page.getByTestId("answer")
                .getByText(word)
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.VISIBLE));
    }

    private static void awaitState(Page page, String state) {
        assertThat(page.getByTestId("status")).hasAttribute("data-state", state);
    }

    private static void awaitRun(Page page, String state) {
        assertThat(page.locator("[data-testid=message-agent][data-run-state=" + state + "]"))
                .isVisible();
    }
}
