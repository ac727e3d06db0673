// What doctor says of clusters that no test can start: clocks that differ, data centres, upgrades.
#include "database/cql/examine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sterna::cql {
namespace {

using Result = ServerFinding::Result;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Node node(const std::string& address, const std::string& center,
          const std::string& version = "5.0.6") {
  return {{address, 9042}, center, "schema", version, true};
}

ServerFinding replication(std::map<std::string, std::string> map, const std::vector<Node>& nodes) {
  return replication_finding("app", {std::move(map), true}, nodes);
}

TEST(CqlExamine, ClocksApartByMoreThanTheQuestionTookAreNamed) {
  const ServerFinding same = clocks_finding({{"a", 0.01, 0.002}, {"b", -0.02, 0.002}});
  EXPECT_EQ(same.result, Result::good) << same.text;
  const ServerFinding apart = clocks_finding({{"a", 0.01, 0.002}, {"b", 1.5, 0.002}});
  EXPECT_EQ(apart.result, Result::warning);
  EXPECT_THAT(apart.text, HasSubstr("b is 1.5 s ahead of a"));
  // An answer that took two seconds tells nothing of one.
  EXPECT_EQ(clocks_finding({{"a", 0.01, 0.002}, {"b", 1.0, 1.0}}).result, Result::good);
  const ServerFinding both = clocks_finding({{"a", -30, 0.002}, {"b", -30.1, 0.002}});
  EXPECT_THAT(both.text,
              AllOf(HasSubstr("30 s behind this machine's"), Not(HasSubstr("ahead of"))));
}

TEST(CqlExamine, ReplicasAreHeldAgainstTheNodesOfEachDataCentre) {
  const std::vector<Node> three{node("a", "dc1"), node("b", "dc1"), node("c", "dc1")};
  EXPECT_EQ(replication({{"class", "NetworkTopologyStrategy"}, {"dc1", "3"}}, three).result,
            Result::good);
  const ServerFinding one =
      replication({{"class", "NetworkTopologyStrategy"}, {"dc1", "1"}}, three);
  EXPECT_EQ(one.result, Result::warning);
  EXPECT_THAT(one.text, HasSubstr("with 1 replica(s) in dc1"));
  const ServerFinding many =
      replication({{"class", "NetworkTopologyStrategy"}, {"dc1", "7"}}, three);
  EXPECT_EQ(many.result, Result::bad);
  EXPECT_THAT(many.text, HasSubstr("no quorum"));
  EXPECT_EQ(replication({{"class", "NetworkTopologyStrategy"}, {"dc1", "5"}}, three).result,
            Result::warning);
  const ServerFinding elsewhere =
      replication({{"class", "NetworkTopologyStrategy"}, {"dc2", "3"}}, three);
  EXPECT_EQ(elsewhere.result, Result::bad);
  EXPECT_THAT(elsewhere.text, AllOf(HasSubstr("no node in the data centre dc2"),
                                    HasSubstr("dc1, which the URL leads to, has no replicas")));
  const std::vector<Node> two_centers{node("a", "dc1"), node("b", "dc2")};
  EXPECT_THAT(replication({{"class", "org.apache.cassandra.locator.SimpleStrategy"},
                           {"replication_factor", "2"}},
                          two_centers)
                  .text,
              HasSubstr("SimpleStrategy knows no data centres, and there are 2"));
}

TEST(CqlExamine, LostAndMovingNodesCountAsThePolicyOfTheUrlSays) {
  ClusterView view{
      {node("a", "dc1"), node("b", "dc1", "4.1.10")}, {"b:9042"}, {"c:9042 (joins)"}, {}};
  UrlOptions options;
  const ServerFinding strict = nodes_finding(view, options);
  EXPECT_EQ(strict.result, Result::bad);
  EXPECT_THAT(strict.text, AllOf(HasSubstr("b:9042 cannot be reached: runs refuse to begin"),
                                 HasSubstr("c:9042 (joins)")));
  options.agreement = AgreementPolicy::live;
  options.moving_nodes = true;
  EXPECT_EQ(nodes_finding(view, options).result, Result::warning);
  EXPECT_THAT(versions_finding(view).text, HasSubstr("4.1.10, 5.0.6: while a cluster is being"));
  EXPECT_EQ(versions_finding(view).result, Result::warning);
  view.disagreeing = {"b:9042"};
  EXPECT_EQ(agreement_finding(view).result, Result::bad);
}

}  // namespace
}  // namespace sterna::cql
