// What every check of the group programs needs: one line a check, topics, records, and waiting with a reason.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

class Bench implements AutoCloseable {
    final String bootstrap;
    final String prefix;
    final Admin admin;
    final KafkaProducer<String, String> producer;

    interface Check {
        void run() throws Exception;
    }

    Bench(String bootstrap, String prefix) {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        admin = Admin.create(properties);
        properties.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        producer = new KafkaProducer<>(properties);
    }

    void check(String title, Check check) {
        try {
            check.run();
            System.out.println("ok " + title);
        } catch (Throwable error) {
            String where = Arrays.stream(error.getStackTrace()).filter(at -> at.getModuleName() == null)
                .limit(3).map(at -> at.getFileName() + ":" + at.getLineNumber()).toList().toString();
            System.out.println("failed " + title + ": " + (error + " " + where).replace('\n', ' '));
        }
        System.out.flush();
    }

    /** A topic of its own for a check. */
    String topic(String name, int partitions) throws Exception {
        String topic = prefix + "-" + name;
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        return topic;
    }

    /** Values `<label>-<i>`, evenly over the partitions. */
    void produce(String topic, int partitions, int count, String label) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++)
            sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, label + "-" + i)));
        for (Future<RecordMetadata> future : sent) future.get();
    }

    Properties consumer(String group, Map<String, String> more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("group.id", prefix + "-" + group);
        properties.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        properties.put("fetch.max.wait.ms", "100");
        properties.putAll(more);
        return properties;
    }

    static Map<String, String> with(Map<String, String> some, String... pairs) {
        Map<String, String> all = new HashMap<>(some);
        for (int i = 0; i < pairs.length; i += 2) all.put(pairs[i], pairs[i + 1]);
        return all;
    }

    static void must(boolean condition, Supplier<String> sentence) {
        if (!condition) throw new IllegalStateException(sentence.get());
    }

    static void until(String what, int seconds, BooleanSupplier holds, Supplier<String> state) throws Exception {
        long deadline = System.currentTimeMillis() + seconds * 1000L;
        while (!holds.getAsBoolean()) {
            if (System.currentTimeMillis() > deadline)
                throw new IllegalStateException("not after " + seconds + " s: " + what + "; " + state.get());
            Thread.sleep(20);
        }
    }

    public void close() {
        producer.close();
        admin.close();
    }
}
