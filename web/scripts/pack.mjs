// node pack.mjs DIST OUT.cpp : the built page as a C++ table of compressed files, and their size told.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'

const LIMIT = 450 * 1024
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
}

const [dist, out] = process.argv.slice(2)

function filesBelow(folder) {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })
}

function literal(bytes) {
  const lines = []
  for (let at = 0; at < bytes.length; at += 64) {
    let line = ''
    for (const byte of bytes.subarray(at, at + 64)) line += '\\' + byte.toString(8).padStart(3, '0')
    lines.push(`"${line}"`)
  }
  return lines.join('\n    ') || '""'
}

let total = 0
const entries = filesBelow(dist).map((path) => {
  const name = relative(dist, path).split(sep).join('/')
  const text = readFileSync(path)
  const packed = gzipSync(text, { level: 9 })
  packed[9] = 255 // the system that packed it: the same bytes everywhere
  total += packed.length
  const type = TYPES[extname(name)]
  if (!type) throw new Error(`${name}: no content type is known for it`)
  const etag = createHash('sha256').update(text).digest('hex').slice(0, 24)
  const address = name === 'index.html' ? '/ui/' : `/ui/${name}`
  const immutable = name.startsWith('assets/')
  return `    {"${address}", "${type}", "\\"${etag}\\"", {${literal(packed)}, ${packed.length}}, ${immutable}},`
})
if (total > LIMIT) {
  console.error(`the page takes ${total} bytes compressed; ${LIMIT} are allowed`)
  process.exit(1)
}
writeFileSync(
  out,
  `#include "designer/assets.hpp"

#include <array>

namespace {
constexpr auto files = std::to_array<sterna::designer::PageFile>({
${entries.join('\n')}
});
}  // namespace

std::span<const sterna::designer::PageFile> sterna::designer::page_files() { return files; }
`,
)
console.log(`designer's page: ${entries.length} files, ${(total / 1024).toFixed(0)} KiB compressed`)
