// What an admin client sees of groups and may do to them, of whichever version it is compiled against (3.9 and later).
//   GroupAdminChecks <bootstrap> <classic|consumer> <assignor>
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

public class GroupAdminChecks {
    /** Clients before 4.0 do not know it. */
    static final ConfigResource.Type GROUP = ConfigResource.Type.forId((byte) 32);

    static Bench bench;
    static boolean newProtocol;
    static Map<String, String> settings;
    static String assignor;

    public static void main(String[] args) throws Exception {
        newProtocol = args[1].equals("consumer");
        assignor = args[2];
        settings = of(args[1], args[2]);
        bench = new Bench(args[0], "admin-" + args[1] + "-" + Long.toString(System.currentTimeMillis(), 36));
        bench.check("a group is listed with state and type, and described with its members", GroupAdminChecks::described);
        bench.check("offsets are listed, altered and deleted, and not those in use", GroupAdminChecks::offsets);
        bench.check("a group is deleted when it is empty, and only then", GroupAdminChecks::deletion);
        bench.check("members are removed", GroupAdminChecks::removal);
        if (newProtocol) {
            bench.check("a classic group becomes one of the new protocol while it works, and classic again",
                GroupAdminChecks::migration);
        }
        if (newProtocol && GROUP != ConfigResource.Type.UNKNOWN) {
            bench.check("a group is given a configuration of its own, within the broker's bounds",
                GroupAdminChecks::configuration);
        }
        bench.close();
        System.out.println("done");
        System.exit(0);
    }

    static Map<String, String> of(String protocol, String assignor) {
        return protocol.equals("consumer")
            ? Map.of("group.protocol", "consumer", "group.remote.assignor", assignor)
            : Map.of("group.protocol", "classic", "session.timeout.ms", "6000", "heartbeat.interval.ms", "300",
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer." + assignor);
    }

    static Member member(String group, String name, String topic, Map<String, String> settings) {
        return new Member(name, bench.consumer(group, settings), it -> it.consumer.subscribe(List.of(topic), it));
    }

    static void owns(Member member, int count) throws Exception {
        Bench.until(count + " partitions", 25, () -> member.owned.size() == count, () -> Member.said(List.of(member)));
    }

    static String group(String name) {
        return bench.prefix + "-" + name;
    }

    static ConsumerGroupDescription describe(String name) throws Exception {
        return bench.admin.describeConsumerGroups(List.of(group(name))).all().get().get(group(name));
    }

    static void refused(String error, Bench.Check attempt) throws Exception {
        try {
            attempt.run();
        } catch (ExecutionException expected) {
            Bench.must(expected.getCause().getClass().getSimpleName().equals(error), () -> "" + expected.getCause());
            return;
        }
        throw new IllegalStateException("it was not refused with " + error);
    }

    static List<String> listed(ListConsumerGroupsOptions options) throws Exception {
        Collection<ConsumerGroupListing> groups = bench.admin.listConsumerGroups(options).all().get();
        return groups.stream().map(ConsumerGroupListing::groupId).filter(id -> id.startsWith(bench.prefix)).sorted()
            .collect(Collectors.toList());
    }

    static void described() throws Exception {
        String topic = bench.topic("described", 4);
        Member one = member("described", "one", topic, settings);
        owns(one, 4);
        Member two = member("described", "two", topic, settings);
        owns(two, 2);
        owns(one, 2);
        Bench.until("stable", 10, () -> {
            try {
                return describe("described").state() == ConsumerGroupState.STABLE;
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        }, () -> "");
        ConsumerGroupDescription group = describe("described");
        Bench.must(group.members().size() == 2, group::toString);
        Bench.must(group.type() == (newProtocol ? GroupType.CONSUMER : GroupType.CLASSIC), group::toString);
        String expected = newProtocol ? assignor : assignor.startsWith("Coop") ? "cooperative-sticky" : "range";
        Bench.must(group.partitionAssignor().equals(expected), group::toString);
        Bench.must(group.coordinator() != null && !group.coordinator().isEmpty(), group::toString);
        for (MemberDescription member : group.members()) {
            Bench.must(member.assignment().topicPartitions().size() == 2, group::toString);
            Bench.must(member.host().startsWith("/") && member.clientId().startsWith("consumer-"), group::toString);
        }
        String id = group("described");
        ListConsumerGroupsOptions stable = new ListConsumerGroupsOptions().inStates(Set.of(ConsumerGroupState.STABLE));
        ListConsumerGroupsOptions empty = new ListConsumerGroupsOptions().inStates(Set.of(ConsumerGroupState.EMPTY));
        ListConsumerGroupsOptions typed = new ListConsumerGroupsOptions().withTypes(Set.of(group.type()));
        ListConsumerGroupsOptions other = new ListConsumerGroupsOptions()
            .withTypes(Set.of(newProtocol ? GroupType.CLASSIC : GroupType.CONSUMER));
        Bench.must(listed(stable).contains(id) && listed(typed).contains(id), () -> "it is not listed");
        Bench.must(!listed(empty).contains(id) && !listed(other).contains(id), () -> "a filter does not filter");
        one.close();
        two.close();
        Bench.must(listed(empty).contains(id), () -> "it is not among the empty ones");
    }

    static void offsets() throws Exception {
        String topic = bench.topic("offsets", 2);
        String free = bench.topic("offsets-free", 1);
        bench.produce(topic, 2, 20, "record");
        Member one = member("offsets", "one", topic, settings);
        Bench.until("twenty", 20, () -> one.seen.size() == 20, () -> Member.said(List.of(one)));
        TopicPartition zero = new TopicPartition(topic, 0);
        TopicPartition unused = new TopicPartition(free, 0);
        String id = group("offsets");
        Thread.sleep(200);
        refused("UnknownMemberIdException", () ->
            bench.admin.alterConsumerGroupOffsets(id, Map.of(unused, new OffsetAndMetadata(1))).all().get());
        refused("GroupSubscribedToTopicException", () ->
            bench.admin.deleteConsumerGroupOffsets(id, Set.of(zero)).all().get());
        one.close();
        bench.admin.alterConsumerGroupOffsets(id, Map.of(zero, new OffsetAndMetadata(3, "by hand"),
            unused, new OffsetAndMetadata(1))).all().get();
        Map<TopicPartition, OffsetAndMetadata> found =
            bench.admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata().get();
        Bench.must(found.size() == 3 && found.get(zero).offset() == 3, found::toString);
        Bench.must(found.get(zero).metadata().equals("by hand"), found::toString);
        bench.admin.deleteConsumerGroupOffsets(id, Set.of(unused)).all().get();
        Map<TopicPartition, OffsetAndMetadata> left =
            bench.admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata().get();
        Bench.must(left.size() == 2 && !left.containsKey(unused), left::toString);
        Member again = member("offsets", "again", topic, settings);
        Bench.until("from three on", 20, () -> again.seen.size() == 7, () -> Member.said(List.of(again)));
        again.close();
    }

    static void configure(String name, AlterConfigOp.OpType type, String value) throws Exception {
        ConfigResource resource = new ConfigResource(GROUP, group(name));
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry("consumer.heartbeat.interval.ms", value), type);
        bench.admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all().get();
    }

    static String configured(String name) throws Exception {
        ConfigResource resource = new ConfigResource(GROUP, group(name));
        ConfigEntry entry =
            bench.admin.describeConfigs(List.of(resource)).all().get().get(resource).get("consumer.heartbeat.interval.ms");
        return entry.value() + " " + entry.source();
    }

    static void configuration() throws Exception {
        String before = configured("configured");
        Bench.must(before.endsWith(" DEFAULT_CONFIG"), () -> before);
        configure("configured", AlterConfigOp.OpType.SET, "900");
        Bench.until("its own value", 5, () -> {
            try {
                return configured("configured").equals("900 DYNAMIC_GROUP_CONFIG");
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        }, () -> "");
        Bench.must(configured("another").equals(before), () -> "another group has it too");
        refused("InvalidConfigurationException", () -> configure("configured", AlterConfigOp.OpType.SET, "1000000"));
        Member one = member("configured", "one", bench.topic("configured", 1), settings);
        owns(one, 1);
        one.close();
        configure("configured", AlterConfigOp.OpType.DELETE, "");
        Bench.must(configured("configured").equals(before), () -> "it still has its own");
    }

    static void deletion() throws Exception {
        String topic = bench.topic("deletion", 1);
        bench.produce(topic, 1, 5, "record");
        Member one = member("deletion", "one", topic, settings);
        Bench.until("five", 20, () -> one.seen.size() == 5, () -> Member.said(List.of(one)));
        List<String> id = List.of(group("deletion"));
        refused("GroupNotEmptyException", () -> bench.admin.deleteConsumerGroups(id).all().get());
        one.close();
        bench.admin.deleteConsumerGroups(id).all().get();
        Bench.must(!listed(new ListConsumerGroupsOptions()).contains(id.get(0)), () -> "it is still listed");
        refused("GroupIdNotFoundException", () -> bench.admin.deleteConsumerGroups(id).all().get());
        Member after = member("deletion", "after", topic, settings);
        Bench.until("from the beginning", 20, () -> after.seen.size() == 5, () -> Member.said(List.of(after)));
        after.close();
    }

    static void removal() throws Exception {
        String topic = bench.topic("removal", 2);
        Member one = member("removal", "one", topic, Bench.with(settings, "group.instance.id", "one"));
        owns(one, 2);
        one.close();
        Bench.must(describe("removal").members().size() == 1, () -> "a static member left by closing");
        bench.admin.removeMembersFromConsumerGroup(group("removal"),
            new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("one")))).all().get();
        Bench.must(describe("removal").members().isEmpty(), () -> "it is still a member");
        Member two = member("removal", "two", topic, settings);
        owns(two, 2);
        bench.admin.removeMembersFromConsumerGroup(group("removal"), new RemoveMembersFromConsumerGroupOptions())
            .all().get();
        owns(two, 2);
        two.close();
    }

    static void migration() throws Exception {
        String topic = bench.topic("migration", 4);
        Map<String, String> classic = of("classic", "CooperativeStickyAssignor");
        Member old = member("migration", "old", topic, classic);
        owns(old, 4);
        Member fresh = member("migration", "fresh", topic, settings);
        owns(fresh, 2);
        owns(old, 2);
        Bench.must(describe("migration").type() == GroupType.CONSUMER, () -> "it is classic still");
        bench.produce(topic, 4, 40, "mixed");
        Bench.until("forty", 20, () -> old.seen.size() + fresh.seen.size() == 40,
            () -> Member.said(List.of(old, fresh)));
        old.close();
        owns(fresh, 4);
        Member back = member("migration", "back", topic, classic);
        owns(back, 2);
        fresh.close();
        owns(back, 4);
        Bench.must(describe("migration").type() == GroupType.CLASSIC, () -> "it is not classic again");
        bench.produce(topic, 4, 20, "classic");
        Bench.until("twenty", 20, () -> back.seen.size() == 20, () -> Member.said(List.of(back)));
        back.close();
    }
}
