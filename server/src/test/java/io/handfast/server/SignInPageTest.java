package io.handfast.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** A server that asks for a token, and what the page says of those that it refuses, in a real Chromium. */
class SignInPageTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @Test
    void the_page_says_why_a_token_was_refused() throws Exception {
        try (Browser browser = Browser.open();
                TestServer server = TestServer.start("HANDFAST_ENV", "staging", "HANDFAST_AUTH_JWT_SECRET", SECRET)) {
            Page page = browser.page(server.url());
            Locator reason = page.getByTestId("sign-in-reason");
            assertThat(reason).containsText("This server needs a token");

            page.getByTestId("token").fill("garbage");
            page.getByTestId("token").press("Enter");

            assertThat(reason).containsText("The server refused the token: the token is no signed JWT");
            assertThat(browser.errors()).isNotEmpty().allMatch(error -> error.contains("401 (Unauthorized)"));
        }
    }
}
