package dev.larder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.CollectionType;
import software.amazon.awssdk.services.sagemaker.model.StorageType;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.BatchGetRecordIdentifier;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.DeletionMode;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.ExpirationTimeResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.GetRecordResponse;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.TargetStore;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.TtlDurationUnit;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.ValidationErrorException;

/** The runtime, as the AWS SDK for Java sends it. Its newest release knows four of the seven operations. */
class RecordsTest {
  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  private void put(String group, Object... namesAndValues) {
    world.runtime.putRecord(request -> request.featureGroupName(group).record(World.record(namesAndValues)));
  }

  private GetRecordResponse get(String group, String id, String... features) {
    return world.runtime.getRecord(request -> {
      request.featureGroupName(group).recordIdentifierValueAsString(id);
      if (features.length > 0) {
        request.featureNames(features);
      }
    });
  }

  private void delete(String group, String at, DeletionMode mode) {
    world.runtime.deleteRecord(request -> request.featureGroupName(group).recordIdentifierValueAsString("a").eventTime(at).deletionMode(mode));
  }

  // Rule 2.2-1, 2.2-2, 2.2-3, 2.1-8, 0.3-1, 0.3-2.
  @Test
  void putGetAndASubset() {
    String group = world.make(request -> { }, World.define("n", "Integral"), World.define("s", "String"));
    String id = "a b+c/%2F é?&=#\n";
    List<FeatureValue> one = World.record("id", id, "at", "2024-01-01T00:00:00Z", "n", "-7", "s", "\"\\\u2028💧");
    world.runtime.putRecord(request -> request.featureGroupName(group).record(one));
    assertEquals(one, get(group, id).record());
    assertEquals(one.subList(2, 4), get(group, id, "s", "n").record());
    assertFalse(get(group, "nobody").hasRecord());
    String arn = world.control.describeFeatureGroup(request -> request.featureGroupName(group)).featureGroupArn();
    assertEquals(one, get(arn, id).record());
  }

  // Rule 3.4-1, 3.4-4, 3.4-5, 3.4-8, 3.4-9.
  @Test
  void deletes() {
    String group = world.make(request -> { });
    put(group, "id", "a", "at", "2024-01-02T00:00:00Z");
    delete(group, "2024-01-03T00:00:00Z", DeletionMode.SOFT_DELETE);
    assertFalse(get(group, "a").hasRecord());
    put(group, "id", "a", "at", "2024-01-02T12:00:00Z");
    assertFalse(get(group, "a").hasRecord());
    put(group, "id", "a", "at", "2024-01-04T00:00:00Z");
    assertTrue(get(group, "a").hasRecord());
    assertThrows(ValidationErrorException.class, () -> delete(group, "2024-01-04T00:00:00Z", DeletionMode.HARD_DELETE));
    delete(group, "2024-01-05T00:00:00Z", DeletionMode.HARD_DELETE);
    put(group, "id", "a", "at", "2020-01-01T00:00:00Z");
    assertTrue(get(group, "a").hasRecord());
  }

  // Rule 2.5-2, 2.5-4, 2.5-5, 2.5-7, 2.2-7, 3.5-1, 3.5-2.
  @Test
  void batchGetAndTimesToLive() {
    String group = world.make(request -> request.onlineStoreConfig(online -> online.enableOnlineStore(true)
        .ttlDuration(ttl -> ttl.unit("Hours").value(1))));
    Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    put(group, "id", "a", "at", at.toString());
    world.runtime.putRecord(request -> request.featureGroupName(group).record(World.record("id", "b", "at", at.toString()))
        .ttlDuration(ttl -> ttl.unit(TtlDurationUnit.MINUTES).value(5)));
    var got = world.runtime.batchGetRecord(request -> request.expirationTimeResponse(ExpirationTimeResponse.ENABLED).identifiers(
        BatchGetRecordIdentifier.builder().featureGroupName(group).recordIdentifiersValueAsString("b", "none", "a").featureNames("id").build(),
        BatchGetRecordIdentifier.builder().featureGroupName(World.NOBODY).recordIdentifiersValueAsString("a").build()));
    assertEquals(List.of("b", "a"), got.records().stream().map(r -> r.recordIdentifierValueAsString()).toList());
    assertEquals(List.of(Duration.ofMinutes(5), Duration.ofHours(1)),
        got.records().stream().map(r -> Duration.between(at, Instant.parse(r.expiresAt()))).toList());
    assertEquals(Map.of("id", "b"), World.features(got.records().get(0).record()));
    assertEquals(List.of("ResourceNotFound"), got.errors().stream().map(e -> e.errorCode()).toList());
    assertTrue(got.unprocessedIdentifiers().isEmpty() && got.hasUnprocessedIdentifiers());
    assertNull(get(group, "a").expiresAt());
  }

  // Rule 2.3-4, 2.1-5.
  @Test
  void targetStores() {
    String group = world.make(request -> { });
    List<FeatureValue> one = World.record("id", "a", "at", "2024-01-01T00:00:00Z");
    assertThrows(ValidationErrorException.class, () -> world.runtime.putRecord(request ->
        request.featureGroupName(group).record(one).targetStores(TargetStore.OFFLINE_STORE)));
    world.runtime.putRecord(request -> request.featureGroupName(group).record(one).targetStores(TargetStore.ONLINE_STORE));
    assertEquals(one, get(group, "a").record());
  }

  // Rule 3.3-6, 3.3-7, 3.3-8, 3.3-10.
  @Test
  void collections() {
    String group = world.make(
        request -> request.onlineStoreConfig(online -> online.enableOnlineStore(true).storageType(StorageType.IN_MEMORY)),
        World.define("l", "String").toBuilder().collectionType(CollectionType.LIST).build(),
        World.define("u", "Integral").toBuilder().collectionType(CollectionType.SET).build(),
        World.define("e", "Integral").toBuilder().collectionType(CollectionType.LIST).build(),
        World.define("v", "Fractional").toBuilder().collectionType(CollectionType.VECTOR)
            .collectionConfig(config -> config.vectorConfig(vector -> vector.dimension(2))).build());
    put(group, "id", "a", "at", "2024-01-01T00:00:00Z", "l", List.of("x", "x"), "u", List.of("1", "1"), "e", List.of(), "v", List.of("1", "2.50"));
    assertEquals(Map.of("id", "a", "at", "2024-01-01T00:00:00Z", "l", List.of("x", "x"), "u", List.of("1"), "v", List.of("1", "2.50")),
        World.features(get(group, "a").record()));
    assertThrows(ValidationErrorException.class, () -> put(group, "id", "a", "at", "2024-01-02T00:00:00Z", "v", List.of("1")));
  }

  // Rule 2.2-6, 2.3-2, 2.4-3, 2.9-1, 2.9-2.
  @Test
  void errorsHaveTheirClasses() {
    ResourceNotFoundException none = assertThrows(ResourceNotFoundException.class, () -> get(World.NOBODY, "a"));
    assertEquals(404, none.statusCode());
    assertEquals("ResourceNotFound", none.awsErrorDetails().errorCode());
    assertNotNull(none.requestId());
    ValidationErrorException wrong = assertThrows(ValidationErrorException.class, () -> put(World.NOBODY, "id", "a"));
    assertEquals(400, wrong.statusCode());
    assertThrows(ValidationErrorException.class, () -> delete(World.NOBODY, "2024-01-01T00:00:00Z", DeletionMode.SOFT_DELETE));
    String group = world.make(request -> { }, World.define("n", "Integral"));
    ValidationErrorException named = assertThrows(ValidationErrorException.class,
        () -> put(group, "id", "a", "at", "2024-01-01T00:00:00Z", "n", "1.5"));
    assertTrue(named.getMessage().contains("\"n\"") || named.getMessage().contains("n "), named.getMessage());
  }
}
