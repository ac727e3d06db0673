// The chance behind random schemas, in pairs: two schemas of one seed are alike, except in the
// parts in which a variation chooses otherwise. For generators alone.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace sterna::test {

class RandomParts {
 public:
  /// `variation` 0: the schema itself; any other: one of those that are like it.
  RandomParts(unsigned seed, unsigned variation)
      : seed_(seed), variation_(variation), random_(seed) {}

 protected:
  /// The choices of this part begin: what stands in other parts does not move them.
  void begin(unsigned part) {
    constexpr unsigned one_in = 4;
    const bool other = variation_ != 0 && mixed(variation_, part) % one_in == 0;
    random_.seed(other ? mixed(seed_ + variation_, part) : mixed(seed_, part));
  }
  /// The same in every schema of the seed: for names.
  unsigned fixed(unsigned part) const { return mixed(seed_, part + 1'000'000); }
  /// A part that a variation has not.
  bool left_out() {
    constexpr int percent = 7;
    return variation_ != 0 && chance(percent);
  }

  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }
  bool chance(int percent) { return number(1, 100) <= percent; }
  template <class List>
  const auto& any(const List& list) {
    return list[static_cast<std::size_t>(number(0, static_cast<int>(std::size(list)) - 1))];
  }
  std::mt19937& random() { return random_; }

 private:
  static unsigned mixed(unsigned a, unsigned b) {
    std::seed_seq sequence{a, b};
    std::vector<unsigned> values(1);
    sequence.generate(values.begin(), values.end());
    return values.front();
  }

  unsigned seed_, variation_;
  std::mt19937 random_;
};

}  // namespace sterna::test
