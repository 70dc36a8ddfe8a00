package dev.larder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemaker.model.CreateFeatureGroupRequest;
import software.amazon.awssdk.services.sagemaker.model.FeatureDefinition;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;

/** The clients, which the environment alone points at a server, and the groups that a test has made. */
final class World implements AutoCloseable {
  static final String NOBODY = "nobody-has-this-name";

  final SageMakerClient control = SageMakerClient.create();
  final SageMakerFeatureStoreRuntimeClient runtime = SageMakerFeatureStoreRuntimeClient.create();
  private final List<String> made = new ArrayList<>();

  /** Makes a group of the features id and at, and those given, online unless change says otherwise. */
  String make(Consumer<CreateFeatureGroupRequest.Builder> change, FeatureDefinition... more) {
    String name = "java-" + UUID.randomUUID();
    List<FeatureDefinition> definitions = new ArrayList<>(List.of(define("id", "String"), define("at", "String")));
    definitions.addAll(Arrays.asList(more));
    control.createFeatureGroup(request -> {
      request.featureGroupName(name).recordIdentifierFeatureName("id").eventTimeFeatureName("at")
          .featureDefinitions(definitions).onlineStoreConfig(online -> online.enableOnlineStore(true));
      change.accept(request);
    });
    made.add(name);
    return name;
  }

  static FeatureDefinition define(String name, String type) {
    return FeatureDefinition.builder().featureName(name).featureType(type).build();
  }

  /** A record of names and values by turns. A value is text, or a list of texts for a collection. */
  static List<FeatureValue> record(Object... namesAndValues) {
    List<FeatureValue> record = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      FeatureValue.Builder value = FeatureValue.builder().featureName((String) namesAndValues[i]);
      if (namesAndValues[i + 1] instanceof List<?> list) {
        value.valueAsStringList(list.stream().map(String.class::cast).toList());
      } else {
        value.valueAsString((String) namesAndValues[i + 1]);
      }
      record.add(value.build());
    }
    return record;
  }

  static Map<String, Object> features(List<FeatureValue> record) {
    Map<String, Object> features = new LinkedHashMap<>();
    for (FeatureValue value : record) {
      features.put(value.featureName(), value.hasValueAsStringList() ? value.valueAsStringList() : value.valueAsString());
    }
    return features;
  }

  @Override
  public void close() {
    made.forEach(name -> control.deleteFeatureGroup(request -> request.featureGroupName(name)));
    control.close();
    runtime.close();
  }
}
