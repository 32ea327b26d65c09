package io.handfast.agents.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agents.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The questions that people ask, against the documentation as it is packaged. */
class RealDocsTest {
    private static final Pattern SOURCE = Pattern.compile("\\(/docs/([^)]*)\\)");

    private static final DocsAgent DOCS = new DocsAgent();

    private static String ask(String question) throws IOException, InterruptedException {
        Asked asked = new Asked(question, Map.of("chunk_delay_ms", 0L));
        DOCS.run(asked, asked);
        return asked.answer();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "How does a reconnect resume?; after_seq; /docs/spec/protocol.md#readers-rule",
                "What does close code 4003 mean?; peer_gone: two heartbeat intervals; /docs/spec/protocol.md#close-codes",
                "What is 4504?; flooding; /docs/spec/protocol.md#close-codes",
                "How do I write an agent in Java?; implements Agent; /docs/docs/agents.md#how-to-write-an-agent-in-java",
                "What is a history gap?; `history_gap`; /docs/spec/protocol.md#server-to-client-not-in-a-log",
                "Which environment variables are there?; HANDFAST_ENV; /docs/",
                "What options does echo have?; `hang_after_chunks`; /docs/docs/agents.md#the-agent-echo-and-its-options",
                "How do I get a ticket?; /v1/tickets; /docs/spec/protocol.md#http",
                "To whom does a thread belong?; belongs to the user; /docs/spec/protocol.md",
            })
    void a_good_question_gets_its_answer_and_its_source(String question, String says, String source)
            throws IOException, InterruptedException {
        String answer = ask(question);
        assertThat(answer).contains(says).contains(source).doesNotContain("I found nothing");
        assertThat(answer.length()).as("an answer, not a dump").isLessThan(4_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "How do I start the server?; docs/operations.md#start-the-server",
                "How do I start the server and choose where conversations are kept?; docs/operations.md#start-the-server",
                "How do I stop the server?; docs/operations.md#stop-or-restart-the-server",
                "What happens when the server restarts?; docs/operations.md#stop-or-restart-the-server",
                "What do I need to install?; README.md#run-it",
                "What is Handfast?; README.md#handfast",
                "Where are conversations stored?; README.md#settings",
                "How do I configure the port?; README.md#settings",
                "How do I connect my own agent?; README.md#put-your-own-agent-behind-it",
                "How do I use an OpenAI model?; docs/agents-models.md#chat-models",
                "How do I write an agent in Python?; examples/python-agui/README.md#an-agent-in-python-over-ag-ui",
                "Which agent answers my message?; docs/agents.md#which-agent-answers",
                "How do I set a deadline for an agent?; docs/agents.md#what-the-gateway-does-for-an-agent",
                "Which close codes should make a client reconnect?; spec/protocol.md#close-codes",
                "How do I cancel a run?; docs/agents.md#how-to-cancel-a-run",
                "How do I see the metrics?; docs/operations.md#health",
            })
    void a_broad_question_rests_on_the_section_made_for_it(String question, String source)
            throws IOException, InterruptedException {
        String answer = ask(question);
        assertThat(SOURCE.matcher(answer).results().map(link -> link.group(1)))
                .as(answer)
                .contains(source);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"What is the capital of France?", "How do I bake a chocolate cake?", "quantum entanglement", "???"
            })
    void a_question_about_something_else_is_answered_honestly(String question)
            throws IOException, InterruptedException {
        assertThat(ask(question)).contains("You can ask me, for instance:").doesNotContain("/docs/");
    }

    @Test
    void every_link_of_every_section_leads_to_a_heading_that_exists() throws IOException {
        Map<String, String> documents = PackagedDocs.read();
        Set<String> anchors = new TreeSet<>();
        Set<String> links = new TreeSet<>();
        Pattern link = Pattern.compile("\\]\\((/docs/[^)]+)\\)");
        documents.forEach((path, markdown) -> {
            anchors.add("/docs/" + path);
            for (Section section : Markdown.sections(path, markdown)) {
                anchors.add(section.link());
                Matcher matcher = link.matcher(section.text());
                while (matcher.find()) {
                    links.add(matcher.group(1));
                }
            }
        });
        assertThat(anchors).containsAll(links);
    }

    @Test
    void the_example_of_the_page_about_agents_is_the_one_that_compiles() throws IOException {
        String page = Files.readString(Path.of("../docs/agents.md"));
        String code = Files.readString(Path.of("src/test/java/io/handfast/agents/Shout.java"));
        String example =
                page.substring(page.indexOf("```java\n") + 8, page.indexOf("```", page.indexOf("```java\n") + 8));
        assertThat(code).endsWith(example);
    }
}
