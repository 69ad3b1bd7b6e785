// As many records in each partition as in the others, so that a consumer comes to the end of all at once. Kafka's own choice
// leaves some of them percents shorter, at random; after the first has ended, each fetch that asks for it alone waits
// fetch.max.wait.ms, and what a round takes says more about that luck than about the broker.
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;

public final class EvenPartitioner implements Partitioner {
  private static final int RECORDS_IN_A_ROW = 500;
  private long records = 0;

  @Override
  public synchronized int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    return (int) (records++ / RECORDS_IN_A_ROW % cluster.partitionCountForTopic(topic));
  }

  /** The same record is asked about again (clients before 4.0). */
  public synchronized void onNewBatch(String topic, Cluster cluster, int previousPartition) {
    records--;
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public void close() {}
}
