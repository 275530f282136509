-- wrk: each request asks for hours for one of the orders in ORDERS (one id a line), in turn.
local ids, at = {}, 0
for line in io.lines(os.getenv("ORDERS")) do ids[#ids + 1] = line end
local threads = 0
function setup(t) threads = threads + 1; t:set("number", threads) end
function init() at = (number * 7919) % #ids end
request = function()
    at = at % #ids + 1
    return wrk.format("POST", "/v1/slot-searches", { ["X-Actor"] = os.getenv("ACTOR"), ["Content-Type"] = "application/json" },
        '{"work_order_id":"' .. ids[at] .. '"}')
end
