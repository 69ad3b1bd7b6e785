// Consumers in groups, of whichever version it is compiled against (3.9 and later): three members that come and go,
// committed offsets, static membership, fencing, slow members.
//   GroupChecks <bootstrap> <classic|consumer> <assignor>
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

public class GroupChecks {
    static Bench bench;
    static boolean newProtocol;
    static Map<String, String> settings;

    public static void main(String[] args) throws Exception {
        newProtocol = args[1].equals("consumer");
        settings = newProtocol
            ? Map.of("group.protocol", "consumer", "group.remote.assignor", args[2])
            : Map.of("group.protocol", "classic", "session.timeout.ms", "6000", "heartbeat.interval.ms", "300",
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer." + args[2]);
        // Against a broker that keeps running each run has topics and groups of its own.
        bench = new Bench(args[0], "java-" + args[1] + "-" + Long.toString(System.currentTimeMillis(), 36));
        bench.check("three members share six partitions and read every record once", GroupChecks::sharing);
        bench.check("what a closed member had goes to the others", GroupChecks::leaving);
        bench.check("a group that comes back continues after what it committed", GroupChecks::restart);
        bench.check("offsets are committed with metadata, read back, and committed without blocking",
            GroupChecks::committing);
        bench.check("no offset, seeking, pausing and resuming", GroupChecks::positions);
        bench.check("a pattern finds topics, also one that is created later", GroupChecks::pattern);
        bench.check("a static member that comes back in time has what it had, and nobody notices",
            GroupChecks::staticMember);
        bench.check("a second member of one instance id is told so", GroupChecks::sameInstance);
        bench.check("a member that does not poll in time loses its partitions", GroupChecks::slowMember);
        bench.check("partitions that are added are assigned", GroupChecks::morePartitions);
        bench.close();
        System.out.println("done");
        System.exit(0);
    }

    static Consumer<Member> to(String topic) {
        return member -> member.consumer.subscribe(List.of(topic), member);
    }

    static Member member(String group, String name, String topic, String... more) {
        return new Member(name, bench.consumer(group, Bench.with(settings, more)), to(topic));
    }

    /** The members own all partitions of the topic, each owned by one, and nobody has more than `most`. */
    static void shared(List<Member> members, int partitions, int most) throws Exception {
        Bench.until("a balanced assignment", 25, () -> {
            Set<String> all = new TreeSet<>();
            int sum = 0;
            int largest = 0;
            for (Member member : members) {
                all.addAll(member.owned);
                sum += member.owned.size();
                largest = Math.max(largest, member.owned.size());
            }
            return all.size() == partitions && sum == partitions && largest <= most;
        }, () -> Member.said(members));
    }

    static void readOnce(List<Member> members, int count) throws Exception {
        Bench.until(count + " records", 20, () -> members.stream().mapToInt(m -> m.seen.size()).sum() >= count,
            () -> members.stream().mapToInt(m -> m.seen.size()).sum() + " records; " + Member.said(members));
        Set<String> values = new HashSet<>();
        for (Member member : members)
            for (ConsumerRecord<String, String> record : member.seen)
                Bench.must(values.add(record.value()), () -> record.value() + " was read twice");
        Bench.must(values.size() == count, () -> values.size() + " records");
    }

    static void closeAll(List<Member> members) throws Exception {
        for (Member member : members) member.close();
        for (Member member : members)
            Bench.must(member.failure == null, () -> member.name + " failed: " + member.failure);
    }

    static List<Member> three(String group, String topic) {
        List<Member> members = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) members.add(member(group, name, topic));
        return members;
    }

    static void sharing() throws Exception {
        String topic = bench.topic("sharing", 6);
        List<Member> members = three("sharing", topic);
        shared(members, 6, 2);
        bench.produce(topic, 6, 300, "first");
        readOnce(members, 300);
        bench.produce(topic, 6, 300, "second");
        readOnce(members, 600);
        closeAll(members);
    }

    static void leaving() throws Exception {
        String topic = bench.topic("leaving", 6);
        List<Member> members = three("leaving", topic);
        shared(members, 6, 2);
        members.get(0).close();
        List<Member> rest = members.subList(1, 3);
        shared(rest, 6, 3);
        rest.get(0).close();
        shared(rest.subList(1, 2), 6, 6);
        members.add(member("leaving", "d", topic));
        shared(List.of(members.get(2), members.get(3)), 6, 3);
        bench.produce(topic, 6, 60, "last");
        readOnce(List.of(members.get(2), members.get(3)), 60);
        closeAll(members);
    }

    static void restart() throws Exception {
        String topic = bench.topic("restart", 6);
        for (int round = 0; round < 3; round++) {
            bench.produce(topic, 6, 60, "round" + round);
            Member one = member("restart", "round" + round, topic);
            readOnce(List.of(one), 60);
            closeAll(List.of(one));
        }
    }

    static void committing() throws Exception {
        String topic = bench.topic("committing", 2);
        bench.produce(topic, 2, 40, "record");
        TopicPartition zero = new TopicPartition(topic, 0);
        TopicPartition one = new TopicPartition(topic, 1);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(bench.consumer("committing", settings))) {
            Bench.must(consumer.committed(Set.of(zero)).get(zero) == null, () -> "there is an offset already");
            consumer.subscribe(List.of(topic));
            int seen = 0;
            for (int i = 0; i < 200 && seen < 40; i++) seen += consumer.poll(Duration.ofMillis(100)).count();
            Bench.must(consumer.position(zero) == 20, () -> "position " + consumer.position(zero));
            consumer.commitSync(Map.of(zero, new OffsetAndMetadata(7, "seven")));
            boolean[] done = new boolean[1];
            consumer.commitAsync(Map.of(one, new OffsetAndMetadata(9)), (offsets, error) -> done[0] = error == null);
            for (int i = 0; i < 50 && !done[0]; i++) consumer.poll(Duration.ofMillis(50));
            Bench.must(done[0], () -> "commitAsync did not call back");
            Map<TopicPartition, OffsetAndMetadata> found = consumer.committed(Set.of(zero, one));
            Bench.must(found.get(zero).offset() == 7 && found.get(zero).metadata().equals("seven"), found::toString);
            Bench.must(found.get(one).offset() == 9, found::toString);
        }
    }

    static void positions() throws Exception {
        String topic = bench.topic("positions", 1);
        bench.produce(topic, 1, 50, "record");
        TopicPartition zero = new TopicPartition(topic, 0);
        Map<String, String> strict = Bench.with(settings, "auto.offset.reset", "none");
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(bench.consumer("positions", strict))) {
            consumer.subscribe(List.of(topic));
            boolean refused = false;
            for (int i = 0; i < 100 && !refused; i++) {
                try {
                    consumer.poll(Duration.ofMillis(100));
                } catch (NoOffsetForPartitionException expected) {
                    refused = true;
                }
            }
            Bench.must(refused, () -> "it found an offset");
            consumer.seek(zero, 45);
            List<Long> offsets = new ArrayList<>();
            for (int i = 0; i < 50 && offsets.size() < 5; i++) {
                try {
                    consumer.poll(Duration.ofMillis(100)).forEach(record -> offsets.add(record.offset()));
                } catch (NoOffsetForPartitionException again) {
                    // The newer consumer may have had this on its way when it was told where to go on.
                }
            }
            Bench.must(offsets.equals(List.of(45L, 46L, 47L, 48L, 49L)), offsets::toString);
            consumer.pause(List.of(zero));
            consumer.seekToBeginning(List.of(zero));
            for (int i = 0; i < 5; i++)
                Bench.must(consumer.poll(Duration.ofMillis(100)).isEmpty(), () -> "paused and read");
            consumer.resume(List.of(zero));
            int again = 0;
            for (int i = 0; i < 50 && again < 50; i++) again += consumer.poll(Duration.ofMillis(100)).count();
            Bench.must(again == 50, () -> "resumed, and not all was read");
        }
    }

    static void pattern() throws Exception {
        String first = bench.topic("pattern-one", 2);
        Pattern pattern = Pattern.compile(Pattern.quote(bench.prefix + "-pattern-") + ".*");
        Member member = new Member("a",
            bench.consumer("pattern", Bench.with(settings, "metadata.max.age.ms", "500")),
            it -> it.consumer.subscribe(pattern, it));
        Bench.until(first, 20, () -> member.owned.size() == 2, () -> Member.said(List.of(member)));
        bench.topic("pattern-two", 3);
        Bench.until("the second topic", 20, () -> member.owned.size() == 5, () -> Member.said(List.of(member)));
        closeAll(List.of(member));
    }

    static void staticMember() throws Exception {
        String topic = bench.topic("static", 4);
        Member stays = member("static", "stays", topic, "group.instance.id", "one");
        Member goes = member("static", "goes", topic, "group.instance.id", "two");
        shared(List.of(stays, goes), 4, 2);
        Set<String> had = goes.owned;
        int events = stays.history.size();
        goes.close();
        Member back = member("static", "back", topic, "group.instance.id", "two");
        Bench.until("the same partitions", 15, () -> back.owned.equals(had),
            () -> had + " " + Member.said(List.of(stays, back)));
        Thread.sleep(500);
        Bench.must(stays.history.size() == events, () -> Member.said(List.of(stays)));
        closeAll(List.of(stays, back));
    }

    static void sameInstance() throws Exception {
        String topic = bench.topic("instance", 2);
        Member first = member("instance", "first", topic, "group.instance.id", "same");
        Bench.until("an assignment", 20, () -> first.owned.size() == 2, () -> Member.said(List.of(first)));
        Member second = member("instance", "second", topic, "group.instance.id", "same");
        Member loser = newProtocol ? second : first;
        Member winner = newProtocol ? first : second;
        Bench.until("one is refused", 20, loser::hasEnded, () -> Member.said(List.of(first, second)));
        String expected = newProtocol ? "UnreleasedInstanceIdException" : "FencedInstanceIdException";
        Bench.must(String.valueOf(loser.failure).contains(expected), () -> String.valueOf(loser.failure));
        Bench.until("the other has all", 20, () -> winner.owned.size() == 2, () -> Member.said(List.of(winner)));
        closeAll(List.of(winner));
    }

    static void slowMember() throws Exception {
        String topic = bench.topic("slow", 4);
        Member slow = member("slow", "slow", topic, "max.poll.interval.ms", "2000");
        Member quick = member("slow", "quick", topic);
        shared(List.of(slow, quick), 4, 2);
        slow.sleepOnce(Duration.ofSeconds(5));
        Bench.until("the quick one has all", 20, () -> quick.owned.size() == 4,
            () -> Member.said(List.of(slow, quick)));
        shared(List.of(slow, quick), 4, 2);
        closeAll(List.of(slow, quick));
    }

    static void morePartitions() throws Exception {
        String topic = bench.topic("grows", 2);
        Member member = member("grows", "a", topic, "metadata.max.age.ms", "500");
        Bench.until("two", 20, () -> member.owned.size() == 2, () -> Member.said(List.of(member)));
        bench.admin.createPartitions(Map.of(topic, org.apache.kafka.clients.admin.NewPartitions.increaseTo(5))).all().get();
        Bench.until("five", 20, () -> member.owned.size() == 5, () -> Member.said(List.of(member)));
        bench.produce(topic, 5, 50, "record");
        readOnce(List.of(member), 50);
        closeAll(List.of(member));
    }
}
