// Writes numbered records with the new producer of whichever version it is compiled against (0.8.2 and later), one
// topic for each codec, and checks the offset of every acknowledgement.
//   Writer <bootstrap> <count> <acks> <topic=codec>...
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

public class Writer {
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        for (int i = 3; i < args.length; i++) {
            String[] pair = args[i].split("=");
            write(args[0], pair[0], pair[1], args[2], count);
        }
    }

    private static void write(String bootstrap, String topic, String codec, String acks, int count) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        properties.put("value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        properties.put("compression.type", codec);
        properties.put("acks", acks);
        properties.put("linger.ms", "5");
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<byte[], byte[]>(properties);
        List<Future<RecordMetadata>> sent = new ArrayList<Future<RecordMetadata>>();
        for (int i = 0; i < count; i++) {
            byte[] key = i % 10 == 9 ? null : ("k" + i).getBytes("UTF-8");
            byte[] value = ("value " + i + " of " + topic).getBytes("UTF-8");
            sent.add(producer.send(new ProducerRecord<byte[], byte[]>(topic, 0, key, value)));
        }
        for (int i = 0; i < count; i++) {
            long offset = sent.get(i).get().offset();
            boolean good = acks.equals("0") ? offset == -1 || offset == i : offset == i;
            if (!good) throw new IllegalStateException(topic + ": record " + i + " got offset " + offset);
        }
        producer.close();
        System.out.println("wrote " + topic + " " + count);
    }
}
