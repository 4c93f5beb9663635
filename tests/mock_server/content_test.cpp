#include "mock_server/content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using nlohmann::json;

TEST(Content, search_results_are_those_of_the_question) {
  const auto body = render_content(Content::web_search, "lang=en&q=two+w%C3%B6rds&page=1");
  const auto answer = json::parse(body);
  EXPECT_EQ(answer["query"], "two wörds");
  EXPECT_EQ(answer["results"].size(), 10u);
  EXPECT_EQ(body, render_content(Content::web_search, "q=two%20w%c3%b6rds"));
  EXPECT_NE(answer["results"], json::parse(render_content(Content::web_search, "q=x"))["results"]);
}

TEST(Content, passages_come_the_best_first) {
  const auto matches = json::parse(render_content(Content::knowledge_base, "q=x"))["matches"];
  ASSERT_EQ(matches.size(), 5u);
  for (std::size_t i = 1; i < matches.size(); ++i) {
    EXPECT_LE(matches[i]["score"], matches[i - 1]["score"]);
  }
}

TEST(Content, any_question_has_an_answer) {
  for (const char* query : {"", "q", "q=", "&&", "q=%", "q=%zz%4", "q=%ff%fe\"\\", "x=1&q=%00"}) {
    EXPECT_TRUE(json::accept(render_content(Content::web_search, query))) << query;
  }
}

TEST(Content, is_served_as_json) {
  const Served served("routes: [{path: /models, content: openai_models}]");
  const auto response = RawClient(served.port()).get("/models");
  EXPECT_THAT(response.head, testing::HasSubstr("Content-Type: application/json"));
  EXPECT_EQ(json::parse(response.body)["data"][0]["object"], "model");
}

}  // namespace
}  // namespace atonce::mock
