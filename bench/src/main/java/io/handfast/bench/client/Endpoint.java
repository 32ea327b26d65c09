package io.handfast.bench.client;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where a Handfast listens: the root of its HTTP calls, without TLS. */
public record Endpoint(String host, int port) {
    private static final String ALLOWED =
            "allowed: http://HOST:PORT or ws://HOST:PORT/v1/ws, without TLS (measure behind whatever ends it)";

    /**
     * Reads an address as people write it: {@code http://127.0.0.1:8080}, {@code ws://127.0.0.1:8080/v1/ws} or {@code
     * 127.0.0.1:8080}.
     *
     * @throws IllegalArgumentException saying what is wrong and what is allowed
     */
    public static Endpoint parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no address; " + ALLOWED, e);
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String path = uri.getPath();
        boolean rooted = path.isEmpty() || path.equals("/") || path.equals("/v1/ws");
        if (!(scheme.equals("http") || scheme.equals("ws")) || uri.getHost() == null || !rooted) {
            throw new IllegalArgumentException("'" + text + "' is no address of a Handfast; " + ALLOWED);
        }
        return new Endpoint(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }

    /** The one at this address. */
    public static Endpoint of(InetSocketAddress address) {
        return new Endpoint(address.getHostString(), address.getPort());
    }

    /** A new address each time, because a name may have several. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
    }

    /** The address of an HTTP call. */
    public URI http(String target) {
        return URI.create("http://" + authority() + target);
    }

    /** The address of an upgrade. */
    URI webSocket(String target) {
        return URI.create("ws://" + authority() + target);
    }

    private String authority() {
        return host + ":" + port;
    }

    @Override
    public String toString() {
        return "http://" + authority();
    }
}
