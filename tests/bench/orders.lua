-- wrk: each request is another order, in the API's own form. ACTOR is the signed header; see bench.py.
local counter, thread = 0, 0
function setup(t) thread = thread + 1; t:set("number", thread) end
request = function()
    counter = counter + 1
    local reference = string.format("B%d-%d-%s", number, counter, os.getenv("BENCH_RUN"))
    local body = string.format(
        '{"contract_id":"bench","partner_reference":"%s","service_id":"plumbing.leak",' ..
        '"customer":{"first_name":"Anna","last_name":"Nowak","phone":"501 234 567"},' ..
        '"address":{"street":"Prosta","house":"5","postcode":"00-850","town":"Warszawa","lat":52.23,"lon":20.99},' ..
        '"description":"Cieknie rura pod zlewem"}', reference)
    return wrk.format("POST", "/v1/work-orders",
        { ["X-Actor"] = os.getenv("ACTOR"), ["Content-Type"] = "application/json", ["Idempotency-Key"] = reference }, body)
end
local failed = 0
response = function(status) if status ~= 201 then failed = failed + 1 end end
