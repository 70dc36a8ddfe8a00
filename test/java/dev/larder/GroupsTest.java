package dev.larder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sagemaker.model.CollectionType;
import software.amazon.awssdk.services.sagemaker.model.DescribeFeatureGroupResponse;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupStatus;
import software.amazon.awssdk.services.sagemaker.model.FeatureGroupSummary;
import software.amazon.awssdk.services.sagemaker.model.FeatureParameter;
import software.amazon.awssdk.services.sagemaker.model.FeatureType;
import software.amazon.awssdk.services.sagemaker.model.LastUpdateStatusValue;
import software.amazon.awssdk.services.sagemaker.model.Filter;
import software.amazon.awssdk.services.sagemaker.model.Operator;
import software.amazon.awssdk.services.sagemaker.model.ResourceInUseException;
import software.amazon.awssdk.services.sagemaker.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sagemaker.model.ResourceType;
import software.amazon.awssdk.services.sagemaker.model.SageMakerException;
import software.amazon.awssdk.services.sagemaker.model.StorageType;
import software.amazon.awssdk.services.sagemaker.model.Tag;
import software.amazon.awssdk.services.sagemaker.model.ThroughputMode;
import software.amazon.awssdk.services.sagemaker.model.TtlDurationUnit;

/** The control plane, as the AWS SDK for Java sends it. */
class GroupsTest {
  private final World world = new World();

  @AfterEach
  void close() {
    world.close();
  }

  private DescribeFeatureGroupResponse describe(String name) {
    return world.control.describeFeatureGroup(request -> request.featureGroupName(name));
  }

  // Rule 1.4-1, 1.4-2, 1.4-5, 1.4-6, 1.9-2.
  @Test
  void aGroupIsEchoedAsItWasMade() {
    FeatureDefinition list = World.define("l", "String").toBuilder().collectionType(CollectionType.LIST).build();
    FeatureDefinition vector = World.define("v", "Fractional").toBuilder().collectionType(CollectionType.VECTOR)
        .collectionConfig(config -> config.vectorConfig(v -> v.dimension(8))).build();
    String name = world.make(request -> request
        .onlineStoreConfig(online -> online.enableOnlineStore(true).storageType(StorageType.IN_MEMORY)
            .ttlDuration(ttl -> ttl.unit(TtlDurationUnit.WEEKS).value(2)))
        .description("what it is for").tags(Tag.builder().key("k").value("ü").build()), list, vector);
    DescribeFeatureGroupResponse got = describe(name);
    assertEquals(FeatureGroupStatus.CREATED, got.featureGroupStatus());
    assertEquals(List.of(World.define("id", "String"), World.define("at", "String"), list, vector), got.featureDefinitions());
    assertEquals(StorageType.IN_MEMORY, got.onlineStoreConfig().storageType());
    assertEquals(2, got.onlineStoreConfig().ttlDuration().value());
    assertEquals(ThroughputMode.ON_DEMAND, got.throughputConfig().throughputMode());
    assertEquals("what it is for", got.description());
    assertNull(got.offlineStoreConfig());
    assertNull(got.offlineStoreStatus());
    assertNull(got.lastUpdateStatus());
    assertTrue(Duration.between(got.creationTime(), Instant.now()).abs().compareTo(Duration.ofMinutes(5)) < 0);
    assertEquals(List.of(Tag.builder().key("k").value("ü").build()),
        world.control.listTags(request -> request.resourceArn(got.featureGroupArn())).tags());
  }

  // Rule 1.2-1, 1.2-4, 1.2-5, 1.6-4.
  @Test
  void errorsHaveTheirClasses() {
    String name = world.make(request -> { });
    assertThrows(ResourceInUseException.class, () -> world.make(request -> request.featureGroupName(name)));
    assertThrows(ResourceNotFoundException.class, () -> describe(World.NOBODY));
    assertThrows(ResourceNotFoundException.class, () -> world.control.deleteFeatureGroup(r -> r.featureGroupName(World.NOBODY)));
    SageMakerException error = assertThrows(SageMakerException.class, () -> world.make(request -> request.description("x".repeat(129))));
    assertEquals("ValidationException", error.awsErrorDetails().errorCode());
    assertEquals(400, error.statusCode());
    assertTrue(error.getMessage().contains("128") && error.requestId() != null, error.getMessage());
  }

  // Rule 1.5-1, 1.5-2, 1.5-11, 1.5-12.
  @Test
  void updates() {
    String name = world.make(request -> { });
    world.control.updateFeatureGroup(request -> request.featureGroupName(name).featureAdditions(World.define("n", "Integral")));
    world.control.updateFeatureGroup(request -> request.featureGroupName(name)
        .onlineStoreConfig(online -> online.ttlDuration(ttl -> ttl.unit(TtlDurationUnit.DAYS).value(3))));
    world.control.updateFeatureGroup(request -> request.featureGroupName(name).throughputConfig(throughput -> throughput
        .throughputMode(ThroughputMode.PROVISIONED).provisionedReadCapacityUnits(4).provisionedWriteCapacityUnits(5)));
    DescribeFeatureGroupResponse got = describe(name);
    assertEquals(World.define("n", "Integral"), got.featureDefinitions().get(2));
    assertEquals(TtlDurationUnit.DAYS, got.onlineStoreConfig().ttlDuration().unit());
    assertEquals(5, got.throughputConfig().provisionedWriteCapacityUnits());
    assertEquals(LastUpdateStatusValue.SUCCESSFUL, got.lastUpdateStatus().status());
    assertFalse(got.lastModifiedTime().isBefore(got.creationTime()));
    assertThrows(SageMakerException.class, () -> world.control.updateFeatureGroup(request -> request.featureGroupName(name)));
  }

  // Rule 1.1-9, 1.3-29.
  @Test
  void aStorageTypeThatThisSdkDoesNotKnow() {
    String name = world.make(request -> request.onlineStoreConfig(online -> online.enableOnlineStore(true).storageType("Standard_V2")));
    assertEquals("Standard_V2", describe(name).onlineStoreConfig().storageTypeAsString());
  }

  // Rule 1.8-1, 1.8-4, 1.8-5.
  @Test
  void metadataOfAFeature() {
    String name = world.make(request -> { });
    world.control.updateFeatureMetadata(request -> request.featureGroupName(name).featureName("at").description("when")
        .parameterAdditions(FeatureParameter.builder().key("zone").value("UTC").build()));
    world.control.updateFeatureMetadata(request -> request.featureGroupName(name).featureName("at").parameterRemovals("never there"));
    var got = world.control.describeFeatureMetadata(request -> request.featureGroupName(name).featureName("at"));
    assertEquals("when", got.description());
    assertEquals(FeatureType.STRING, got.featureType());
    assertEquals("UTC", got.parameters().get(0).value());
  }

  // Rule 1.9-1, 1.9-3, 1.9-8.
  @Test
  void tagsAndTheirPages() {
    String arn = describe(world.make(request -> { })).featureGroupArn();
    List<Tag> tags = IntStream.range(0, 50).mapToObj(i -> Tag.builder().key("k" + i).value("" + i).build()).toList();
    world.control.addTags(request -> request.resourceArn(arn).tags(tags));
    var found = world.control.listTagsPaginator(request -> request.resourceArn(arn).maxResults(50)).tags().stream().toList();
    assertEquals(new HashSet<>(tags), new HashSet<>(found));
    world.control.deleteTags(request -> request.resourceArn(arn).tagKeys(tags.stream().skip(1).map(Tag::key).toList()));
    assertEquals(tags.subList(0, 1), world.control.listTags(request -> request.resourceArn(arn)).tags());
  }

  // Rule 1.7-2, 1.7-6, 1.7-7, 1.10-3, 1.10-12, 1.11-1.
  @Test
  void listsAndSearchesPageByPage() {
    String mark = UUID.randomUUID().toString();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add(world.make(request -> request.description(mark)));
    }
    List<String> listed = new ArrayList<>();
    world.control.listFeatureGroupsPaginator(request -> request.nameContains("java-").sortBy("Name").sortOrder("Ascending").maxResults(2))
        .featureGroupSummaries().stream().map(FeatureGroupSummary::featureGroupName).filter(names::contains).forEach(listed::add);
    Collections.sort(names);
    assertEquals(names, listed);
    List<String> found = new ArrayList<>();
    world.control.searchPaginator(request -> request.resource(ResourceType.FEATURE_GROUP).maxResults(2)
            .searchExpression(e -> e.filters(Filter.builder().name("Description").operator(Operator.EQUALS).value(mark).build())))
        .results().forEach(result -> found.add(result.featureGroup().featureGroupName()));
    Collections.sort(found);
    assertEquals(names, found);
    var suggested = world.control.getSearchSuggestions(request -> request.resource(ResourceType.FEATURE_GROUP)
        .suggestionQuery(q -> q.propertyNameQuery(p -> p.propertyNameHint("RecordId"))));
    assertEquals("RecordIdentifierFeatureName", suggested.propertyNameSuggestions().get(0).propertyName());
  }
}
