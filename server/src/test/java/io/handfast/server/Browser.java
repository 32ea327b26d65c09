package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The Chromium of this machine. Its pages must not report an error, a refused script among them. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;
    private final List<String> errors = new ArrayList<>();

    private Browser() {
        PlaywrightAssertions.setDefaultAssertionTimeout((double) TestServer.PATIENCE.toMillis());
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    /** Without Chromium a test is skipped on a developer's machine, and fails where {@code CI} is set. */
    static Browser open() {
        String missing = CHROMIUM + " is missing; install it with: apt-get install chromium";
        boolean present = Files.isExecutable(CHROMIUM);
        if (Boolean.parseBoolean(System.getenv("CI"))) {
            assertThat(present).as(missing).isTrue();
        }
        Assumptions.assumeTrue(present, missing);
        return new Browser();
    }

    /** A page of a person of its own: nothing is shared with other pages but what the server knows. */
    Page page(String url) {
        return watched(chromium.newContext().newPage(), url);
    }

    /** A further tab beside {@code page}. */
    Page tab(Page page, String url) {
        return watched(page.context().newPage(), url);
    }

    private Page watched(Page page, String url) {
        page.onPageError(errors::add);
        page.onConsoleMessage(message -> {
            // The browser itself reports a broken line, and a server that is going down.
            // Everything else is a mistake of the page.
            if (message.type().equals("error")
                    && !message.text().contains("net::ERR_")
                    && !message.text().contains("503 (Service Unavailable)")
                    && !message.text().contains("WebSocket")) {
                errors.add(message.text());
            }
        });
        page.setDefaultTimeout((double) TestServer.PATIENCE.toMillis());
        page.navigate(url);
        return page;
    }

    List<String> errors() {
        return errors;
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
