-- What wrk asks: whole requests of a file, one after another, each ended by an empty line.
-- wrk … -s asking.lua URL -- FILE SEED; prints what came of it as one line of JSON.
local asked, at = {}, 0

function init(given)
  local file = assert(io.open(given[1], "rb"))
  local text, from = file:read("*a"), 1
  file:close()
  while true do
    local _, to = text:find("\r\n\r\n", from, true)
    if not to then break end
    asked[#asked + 1] = text:sub(from, to)
    from = to + 1
  end
  at = tonumber(given[2]) % #asked
end

function request()
  at = at % #asked + 1
  return asked[at]
end

function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '{"answered": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f}\n',
    summary.requests - errors.status, errors.status, broken, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
