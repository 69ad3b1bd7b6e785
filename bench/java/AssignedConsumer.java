// Reads every record of a topic, or as many as are named, with assigned partitions (no group) and prints MB/s.
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

public final class AssignedConsumer {
  public static void main(String[] args) {
    Properties p = new Properties();
    p.put("bootstrap.servers", args[0]);
    p.put("key.deserializer", ByteArrayDeserializer.class.getName());
    p.put("value.deserializer", ByteArrayDeserializer.class.getName());
    p.put("enable.auto.commit", "false");
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(p)) {
      List<TopicPartition> all = new ArrayList<>();
      for (PartitionInfo info : consumer.partitionsFor(args[1])) all.add(new TopicPartition(args[1], info.partition()));
      Map<TopicPartition, Long> end = consumer.endOffsets(all);
      long wanted = args.length > 2 ? Long.parseLong(args[2]) : end.values().stream().mapToLong(Long::longValue).sum();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long start = System.nanoTime(), records = 0, bytes = 0;
      while (records < wanted) {
        ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofSeconds(5));
        if (batch.isEmpty() && (System.nanoTime() - start) / 1e9 > 120) throw new IllegalStateException("stuck at " + records);
        for (ConsumerRecord<byte[], byte[]> r : batch) {
          records++;
          bytes += r.serializedValueSize();
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("%d records, %.2f MB/s%n", records, bytes / 1048576.0 / seconds);
    }
  }
}
