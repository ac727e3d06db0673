#include "base/parallel.hpp"

#include <algorithm>
#include <system_error>
#include <thread>
#include <vector>

namespace sterna {

void in_parallel(std::size_t count, std::size_t least,
                 const std::function<void(std::size_t begin, std::size_t end)>& work) {
  constexpr std::size_t most = 8;
  const std::size_t processors = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t parts = std::clamp<std::size_t>(count / std::max<std::size_t>(least, 1), 1,
                                                    std::min(processors, most));
  std::vector<std::thread> threads;
  std::size_t begin = 0;
  for (std::size_t part = 1; part < parts; ++part) {
    const std::size_t end = count * part / parts;
    try {
      threads.emplace_back([&work, begin, end] { work(begin, end); });
    } catch (const std::system_error&) {
      break;  // no more threads to be had: the rest is done here
    }
    begin = end;
  }
  work(begin, count);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace sterna
