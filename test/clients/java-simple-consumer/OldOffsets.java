// Commits and fetches offsets with the simple consumer of Kafka 0.8.2, in version 0 (kept in ZooKeeper) or 1 (kept by the
// coordinator), and prints a line a partition: partition, offset, error.
//   OldOffsets <host> <port> <version> <group> <topic> commit <partition>=<offset>...
//   OldOffsets <host> <port> <version> <group> <topic> fetch <partition>...
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kafka.common.OffsetAndMetadata;
import kafka.common.OffsetMetadataAndError;
import kafka.common.TopicAndPartition;
import kafka.javaapi.OffsetCommitRequest;
import kafka.javaapi.OffsetFetchRequest;
import kafka.javaapi.consumer.SimpleConsumer;

public class OldOffsets {
    public static void main(String[] args) {
        SimpleConsumer consumer = new SimpleConsumer(args[0], Integer.parseInt(args[1]), 10000, 65536, "old");
        short version = Short.parseShort(args[2]);
        String group = args[3];
        String topic = args[4];
        if (args[5].equals("commit")) {
            Map<TopicAndPartition, OffsetAndMetadata> offsets = new LinkedHashMap<TopicAndPartition, OffsetAndMetadata>();
            for (int i = 6; i < args.length; i++) {
                String[] pair = args[i].split("=");
                TopicAndPartition partition = new TopicAndPartition(topic, Integer.parseInt(pair[0]));
                offsets.put(partition, new OffsetAndMetadata(Long.parseLong(pair[1]), "", -1L));
            }
            Map<TopicAndPartition, Object> errors =
                consumer.commitOffsets(new OffsetCommitRequest(group, offsets, 1, "old", version)).errors();
            for (TopicAndPartition partition : offsets.keySet()) {
                System.out.println(partition.partition() + " " + offsets.get(partition).offset() + " " + errors.get(partition));
            }
        } else {
            List<TopicAndPartition> partitions = new ArrayList<TopicAndPartition>();
            for (int i = 6; i < args.length; i++) {
                partitions.add(new TopicAndPartition(topic, Integer.parseInt(args[i])));
            }
            Map<TopicAndPartition, OffsetMetadataAndError> found =
                consumer.fetchOffsets(new OffsetFetchRequest(group, partitions, version, 1, "old")).offsets();
            for (TopicAndPartition partition : partitions) {
                OffsetMetadataAndError of = found.get(partition);
                System.out.println(partition.partition() + " " + of.offset() + " " + of.error());
            }
        }
        consumer.close();
    }
}
