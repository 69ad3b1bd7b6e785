// Reads topics from the start with an assigned consumer of whichever version it is compiled against (0.10.2 to 3.9)
// and prints a line a record: topic, offset, key, value.
//   Reader <bootstrap> <count> <seek|beginning> <topic>...
import java.util.Collections;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

public class Reader {
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", args[0]);
        properties.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("enable.auto.commit", "false");
        properties.put("fetch.max.wait.ms", "50");
        int count = Integer.parseInt(args[1]);
        KafkaConsumer<String, String> consumer = new KafkaConsumer<String, String>(properties);
        StringBuilder lines = new StringBuilder();
        for (int i = 3; i < args.length; i++) {
            TopicPartition partition = new TopicPartition(args[i], 0);
            consumer.assign(Collections.singletonList(partition));
            if (args[2].equals("seek")) consumer.seek(partition, 0);
            else consumer.seekToBeginning(Collections.singletonList(partition));
            int seen = 0;
            long deadline = System.currentTimeMillis() + 15000;
            while (seen < count && System.currentTimeMillis() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(200)) {
                    seen++;
                    lines.append(record.topic()).append('\t').append(record.offset()).append('\t')
                        .append(record.key()).append('\t').append(record.value()).append('\n');
                }
            }
        }
        System.out.print(lines);
        consumer.close();
    }
}
