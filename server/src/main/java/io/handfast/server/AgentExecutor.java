package io.handfast.server;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads on which agents work: virtual ones where the JVM has them (21 and newer), else a bounded pool. */
final class AgentExecutor {
    private AgentExecutor() {}

    /** @param poolThreads how many agents may work at once on a JVM without virtual threads; one more is rejected */
    static ExecutorService create(int poolThreads) {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return new ThreadPoolExecutor(
                    0, poolThreads, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), new NamedThreads("handfast-agent"));
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a public method of the JDK cannot be called", e);
        }
    }
}
