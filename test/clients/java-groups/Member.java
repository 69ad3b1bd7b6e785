// One consumer of a group on a thread of its own: what it was given, what was taken from it, and what it read.
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;

class Member implements ConsumerRebalanceListener, AutoCloseable {
    final String name;
    final KafkaConsumer<String, String> consumer;
    final Queue seen = new Queue();
    final List<String> history = Collections.synchronizedList(new ArrayList<>());
    volatile Set<String> owned = new TreeSet<>();
    volatile Exception failure;
    private volatile boolean stopping;
    private boolean hasToCommit;
    private volatile Duration nap = Duration.ZERO;
    private final CountDownLatch ended = new CountDownLatch(1);

    static class Queue extends ConcurrentLinkedQueue<ConsumerRecord<String, String>> {}

    Member(String name, Properties properties, Consumer<Member> subscribe) {
        this.name = name;
        consumer = new KafkaConsumer<>(properties);
        subscribe.accept(this);
        Thread thread = new Thread(this::poll, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The next turn of its loop takes so long before it polls again. */
    void sleepOnce(Duration duration) {
        nap = duration;
    }

    private void poll() {
        try {
            while (!stopping) {
                if (!nap.isZero()) {
                    Duration once = nap;
                    nap = Duration.ZERO;
                    Thread.sleep(once.toMillis());
                }
                int before = seen.size();
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) seen.add(record);
                if (seen.size() > before || hasToCommit) commit();
            }
        } catch (WakeupException woken) {
            // It was told to stop.
        } catch (Exception error) {
            failure = error;
        } finally {
            try {
                consumer.close();
            } catch (Exception error) {
                if (failure == null) failure = error;
            }
            ended.countDown();
        }
    }

    /** While the group rebalances a commit may be refused: of the part that is still its own it is tried again. */
    private void commit() {
        try {
            consumer.commitSync();
            hasToCommit = false;
        } catch (CommitFailedException | RebalanceInProgressException refused) {
            hasToCommit = true;
        }
    }

    private synchronized void change(String what, Collection<TopicPartition> partitions, boolean add) {
        Set<String> next = new TreeSet<>(owned);
        for (TopicPartition partition : partitions) {
            if (add) next.add(partition.toString());
            else next.remove(partition.toString());
        }
        owned = next;
        history.add(what + partitions.size());
    }

    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        change("+", partitions, true);
    }

    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        change("-", partitions, false);
    }

    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        change("!", partitions, false);
    }

    boolean hasEnded() {
        return ended.getCount() == 0;
    }

    public void close() throws InterruptedException {
        stopping = true;
        ended.await();
    }

    static String said(Collection<Member> members) {
        StringBuilder text = new StringBuilder();
        for (Member member : members)
            text.append(member.name).append(member.owned).append(member.history)
                .append(member.failure == null ? "" : " " + member.failure).append(' ');
        return text.toString();
    }
}
