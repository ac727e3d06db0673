// Who is let in, and what every answer forbids.
#include "designer/guard.hpp"
#include "designer/assets.hpp"
#include "designer/project_fixture.hpp"

namespace sterna::test {
namespace {

class DesignerGuard : public testing::Test {
 protected:
  int status(const HttpHeaders& headers, const std::string& path = "/api/v1/project") {
    HttpRequest request = project.request("GET", "project");
    request.path = path;
    for (const auto& [name, value] : headers) {
      std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
      if (!value.empty()) request.headers.emplace_back(name, value);
    }
    return project.answer(request).status;
  }
  DesignerProject project;
};

TEST_F(DesignerGuard, AsksForTheTokenOfThisStart) {
  EXPECT_EQ(status({}), 200);
  EXPECT_EQ(status({{"X-Sterna-Token", ""}}), 401);
  EXPECT_EQ(status({{"X-Sterna-Token", std::string(63, 'a')}}), 401);
  EXPECT_EQ(status({{"X-Sterna-Token", std::string(64, 'b')}}), 401);
}

TEST_F(DesignerGuard, LetsNoOtherSiteIn) {
  EXPECT_EQ(status({{"Origin", "http://localhost:3001"}}), 200);
  EXPECT_EQ(status({{"Origin", "http://localhost:3002"}}), 403);
  EXPECT_EQ(status({{"Origin", "https://localhost:3001"}}), 403);
  EXPECT_EQ(status({{"Origin", "null"}}), 403);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "same-origin"}}), 200);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(status({{"Sec-Fetch-Site", "none"}}), 403);
}

TEST_F(DesignerGuard, ThePageItselfNeedsNoTokenAndHoldsNoSecret) {
  HttpRequest request = project.request("GET", "project");
  request.path = "/ui/";
  request.headers = {{"Accept-Encoding", "gzip"}};
  const HttpResponse response = project.answer(request);
  EXPECT_EQ(response.status, designer::page_files().empty() ? 503 : 200);
  EXPECT_EQ(response.body.find(project.token), std::string::npos);
}

TEST_F(DesignerGuard, EveryAnswerForbidsFramesAndForeignContent) {
  for (const char* path : {"/api/v1/project", "/ui/", "/nowhere"}) {
    HttpRequest request = project.request("GET", "project");
    request.path = path;
    std::string policy;
    for (const auto& [name, value] : project.answer(request).headers) {
      if (name == "Content-Security-Policy") policy = value;
    }
    EXPECT_THAT(policy, testing::StartsWith("default-src 'none'; script-src 'self'")) << path;
    EXPECT_THAT(policy, testing::Not(testing::HasSubstr("unsafe"))) << path;
  }
}

TEST(DesignerToken, IsAnotherOneEachTime) {
  EXPECT_EQ(designer::new_token().size(), 64U);
  EXPECT_NE(designer::new_token(), designer::new_token());
}

TEST(DesignerPage, IsSentCompressedAndNotTwice) {
  if (designer::page_files().empty()) GTEST_SKIP() << "built without the page";
  HttpRequest request;
  request.method = "GET";
  request.path = "/ui/";
  EXPECT_EQ(designer::page_answer(request).status, 406);
  request.headers = {{"Accept-Encoding", "gzip, br"}};
  const HttpResponse first = designer::page_answer(request);
  EXPECT_EQ(first.status, 200);
  std::string etag;
  for (const auto& [name, value] : first.headers) {
    if (name == "ETag") etag = value;
  }
  request.headers.emplace_back("If-None-Match", etag);
  EXPECT_EQ(designer::page_answer(request).status, 304);
  request.path = "/ui/../sterna.toml";
  EXPECT_EQ(designer::page_answer(request).status, 404);
  std::size_t bytes = 0;
  for (const designer::PageFile& file : designer::page_files()) bytes += file.packed.size();
  EXPECT_LT(bytes, 450U * 1024);
}

}  // namespace
}  // namespace sterna::test
