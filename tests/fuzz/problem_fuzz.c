/* Problems in VROOM's JSON from anywhere: what is read is planned, and the plan holds before the
 * judge; what is not says why. libFuzzer: link with -fsanitize=fuzzer. */
#include "services/routing/solver/check.h"
#include "tools/route/problem.h"
#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const struct solver_options built = { .seed = 1 };
    struct arena arena = { 0 };
    struct problem problem;
    char *text = arena_alloc(&arena, size + 1);

    memcpy(text, bytes, size);
    if (problem_read(&problem, text, size)) {
        struct solution solution = solve(&arena, &problem.input, &built);
        assert(solution_check(&problem.input, &solution).fault == SOLUTION_HOLDS);
    } else {
        assert(problem.error && problem.error[0]);
    }
    problem_done(&problem);
    arena_done(&arena);
    return 0;
}
