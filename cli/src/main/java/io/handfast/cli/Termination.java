package io.handfast.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM and SIGINT: the first asks, the second ends the process at once.
 *
 * <p>The JDK has no public way to end with exit code 0 on SIGTERM: a shutdown hook cannot change the code from 143, and does not
 * hear a second signal. So this goes to {@code sun.misc.Signal}, which every JDK exports for that purpose; by reflection,
 * because the compiler's warning about it cannot be silenced.
 */
final class Termination {
    private static final int SIGNAL_CODES = 128;

    private Termination() {}

    /** Calls {@code ask}, on a thread of the JVM, when the first signal comes. */
    static void first(Runnable ask) {
        AtomicBoolean asked = new AtomicBoolean();
        InvocationHandler handler = (proxy, method, args) -> switch (method.getName()) {
            case "handle" -> {
                if (asked.getAndSet(true)) {
                    Runtime.getRuntime().halt(SIGNAL_CODES + number(args[0]));
                }
                ask.run();
                yield null;
            }
            case "equals" -> proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "handfast";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(Termination.class.getClassLoader(), new Class<?>[] {handlers}, handler);
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handlers)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not let a program handle signals (is -Xrs set?)", e);
        }
    }

    private static int number(Object signal) throws ReflectiveOperationException {
        return (int) signal.getClass().getMethod("getNumber").invoke(signal);
    }
}
