// The control plane, as @aws-sdk/client-sagemaker sends it.
"use strict";

const assert = require("node:assert/strict");
const { randomUUID } = require("node:crypto");
const { test } = require("node:test");
const {
  AddTagsCommand, CreateFeatureGroupCommand, DeleteFeatureGroupCommand, DeleteTagsCommand, DescribeFeatureGroupCommand,
  DescribeFeatureMetadataCommand, GetSearchSuggestionsCommand, ListFeatureGroupsCommand, ListTagsCommand, ResourceInUse, ResourceNotFound,
  SageMakerClient, UpdateFeatureGroupCommand, UpdateFeatureMetadataCommand, paginateListFeatureGroups, paginateListTags, paginateSearch,
} = require("@aws-sdk/client-sagemaker");

const client = new SageMakerClient({}); // the environment says where and who

const definitions = (...more) => [
  { FeatureName: "id", FeatureType: "String" }, { FeatureName: "at", FeatureType: "String" }, ...more];

/** Makes a group that is deleted when the test ends, and returns its name. */
async function make(t, members = {}) {
  const FeatureGroupName = `js-${randomUUID()}`;
  await client.send(new CreateFeatureGroupCommand({
    FeatureGroupName, RecordIdentifierFeatureName: "id", EventTimeFeatureName: "at", FeatureDefinitions: definitions(),
    OnlineStoreConfig: { EnableOnlineStore: true }, ...members,
  }));
  t.after(() => client.send(new DeleteFeatureGroupCommand({ FeatureGroupName })));
  return FeatureGroupName;
}

const describe = (FeatureGroupName) => client.send(new DescribeFeatureGroupCommand({ FeatureGroupName }));

// Rule 1.4-1, 1.4-2, 1.4-5, 1.4-6, 1.4-8.
test("a group is echoed as it was made", async (t) => {
  const members = {
    FeatureDefinitions: definitions(
      { FeatureName: "l", FeatureType: "String", CollectionType: "List" },
      { FeatureName: "v", FeatureType: "Fractional", CollectionType: "Vector", CollectionConfig: { VectorConfig: { Dimension: 4 } } }),
    OnlineStoreConfig: { EnableOnlineStore: true, StorageType: "InMemory", TtlDuration: { Unit: "Weeks", Value: 1 } },
    Description: "what it is for",
  };
  const name = await make(t, { ...members, Tags: [{ Key: "k", Value: "ü" }] });
  const { $metadata, CreationTime, FeatureGroupArn, OnlineStoreTotalSizeBytes, ...got } = await describe(name);
  assert.deepEqual(got, {
    FeatureGroupName: name, RecordIdentifierFeatureName: "id", EventTimeFeatureName: "at", ...members,
    ThroughputConfig: { ThroughputMode: "OnDemand" }, FeatureGroupStatus: "Created",
  });
  assert.ok(CreationTime instanceof Date && Math.abs(Date.now() - CreationTime) < 300_000);
  const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: FeatureGroupArn }));
  assert.deepEqual(Tags, [{ Key: "k", Value: "ü" }]);
});

// Rule 1.2-4, 1.2-5, 1.6-4.
test("errors have their classes", async (t) => {
  const name = await make(t);
  const again = { FeatureGroupName: name, RecordIdentifierFeatureName: "id", EventTimeFeatureName: "at", FeatureDefinitions: definitions(),
    OnlineStoreConfig: { EnableOnlineStore: true } };
  await assert.rejects(client.send(new CreateFeatureGroupCommand(again)), ResourceInUse);
  await assert.rejects(describe("nobody-has-this-name"), ResourceNotFound);
  await assert.rejects(client.send(new DeleteFeatureGroupCommand({ FeatureGroupName: "nobody-has-this-name" })), ResourceNotFound);
  await assert.rejects(client.send(new CreateFeatureGroupCommand({ ...again, FeatureGroupName: "-" })),
    { name: "ValidationException", $fault: "client", message: /^Validation Error: / });
});

// Rule 1.5-1, 1.5-2, 1.5-10, 1.5-11, 1.5-12.
test("updates", async (t) => {
  const name = await make(t);
  const update = (change) => client.send(new UpdateFeatureGroupCommand({ FeatureGroupName: name, ...change }));
  await update({ FeatureAdditions: [{ FeatureName: "n", FeatureType: "Integral" }] });
  await update({ OnlineStoreConfig: { TtlDuration: { Unit: "Days", Value: 2 } } });
  await update({ OnlineStoreConfig: { StorageType: "Standard_V2" } });
  await update({ ThroughputConfig: { ThroughputMode: "Provisioned", ProvisionedReadCapacityUnits: 1, ProvisionedWriteCapacityUnits: 2 } });
  let got = await describe(name);
  assert.deepEqual(got.FeatureDefinitions.at(-1), { FeatureName: "n", FeatureType: "Integral" });
  assert.deepEqual(got.OnlineStoreConfig, { EnableOnlineStore: true, StorageType: "Standard_V2", TtlDuration: { Unit: "Days", Value: 2 } });
  assert.deepEqual(got.ThroughputConfig, { ThroughputMode: "Provisioned", ProvisionedReadCapacityUnits: 1, ProvisionedWriteCapacityUnits: 2 });
  assert.deepEqual(got.LastUpdateStatus, { Status: "Successful" });
  await update({ OnlineStoreConfig: { TtlDuration: { Unit: null, Value: null } } });
  got = await describe(name);
  assert.equal(got.OnlineStoreConfig.TtlDuration, undefined);
  await assert.rejects(update({}), { name: "ValidationException" });
});

// Rule 1.8-1, 1.8-4, 1.8-5, 1.8-10.
test("metadata of a feature", async (t) => {
  const where = { FeatureGroupName: await make(t), FeatureName: "at" };
  await client.send(new UpdateFeatureMetadataCommand({ ...where, Description: "when", ParameterAdditions: [{ Key: "zone", Value: "UTC" }] }));
  const got = await client.send(new DescribeFeatureMetadataCommand(where));
  assert.deepEqual([got.Description, got.Parameters, got.FeatureType], ["when", [{ Key: "zone", Value: "UTC" }], "String"]);
  await client.send(new UpdateFeatureMetadataCommand({ ...where, Description: "", ParameterRemovals: ["zone"] }));
  const cleared = await client.send(new DescribeFeatureMetadataCommand(where));
  assert.ok(!cleared.Description && !cleared.Parameters?.length);
});

// Rule 1.9-1, 1.9-2, 1.9-3.
test("tags and their pages", async (t) => {
  const { FeatureGroupArn: ResourceArn } = await describe(await make(t));
  const Tags = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: `${i}` }));
  await client.send(new AddTagsCommand({ ResourceArn, Tags }));
  const found = [];
  for await (const page of paginateListTags({ client, pageSize: 50 }, { ResourceArn })) found.push(...page.Tags);
  assert.equal(new Set(found.map((tag) => tag.Key)).size, 50);
  await client.send(new DeleteTagsCommand({ ResourceArn, TagKeys: Tags.slice(1).map((tag) => tag.Key) }));
  assert.deepEqual((await client.send(new ListTagsCommand({ ResourceArn }))).Tags, Tags.slice(0, 1));
});

// Rule 1.7-2, 1.7-6, 1.7-7, 1.10-6, 1.10-12.
test("lists and searches, page by page", async (t) => {
  const mark = randomUUID();
  const names = [];
  for (let i = 0; i < 5; i++) names.push(await make(t, { Description: mark }));
  const NameContains = "js-";
  const listed = [];
  for await (const page of paginateListFeatureGroups({ client, pageSize: 2 }, { NameContains, SortBy: "Name", SortOrder: "Ascending" })) {
    assert.ok(page.FeatureGroupSummaries.length <= 2);
    listed.push(...page.FeatureGroupSummaries.map((group) => group.FeatureGroupName));
  }
  assert.deepEqual(listed.filter((name) => names.includes(name)), [...names].sort());
  const found = [];
  const SearchExpression = { Operator: "And", Filters: [
    { Name: "Description", Operator: "Equals", Value: mark }, { Name: "FeatureGroupStatus", Operator: "Equals", Value: "Created" }] };
  for await (const page of paginateSearch({ client, pageSize: 3 }, { Resource: "FeatureGroup", SearchExpression })) {
    found.push(...page.Results.map((result) => result.FeatureGroup.FeatureGroupName));
  }
  assert.deepEqual(found.sort(), [...names].sort());
  const late = await client.send(new ListFeatureGroupsCommand({ NameContains, CreationTimeAfter: new Date(Date.now() + 3_600_000) }));
  assert.deepEqual(late.FeatureGroupSummaries, []);
  const { PropertyNameSuggestions } = await client.send(new GetSearchSuggestionsCommand({
    Resource: "FeatureMetadata", SuggestionQuery: { PropertyNameQuery: { PropertyNameHint: "FeatureN" } } }));
  assert.deepEqual(PropertyNameSuggestions, [{ PropertyName: "FeatureName" }]);
});
