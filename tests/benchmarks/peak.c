/* What one core can do: multiplications and additions that need no memory. CHAINS independent chains of
 * x = x * factor + term, each of one vector of BYTES bytes, so that the core always has one ready to begin.
 * Without -ffp-contract=fast these are separate instructions, as in mlp_py's kernel. */
#define CHAINS 12

typedef float vector __attribute__((vector_size(BYTES)));

/* Returns a number that depends on all of the work; does CHAINS * BYTES / 4 * 2 * steps operations. */
float peak(int steps, float factor, float term)
{
    vector x[CHAINS] = {0}, f = (vector){0} + factor, t = (vector){0} + term;
    for (int step = 0; step < steps; step++)
        for (int i = 0; i < CHAINS; i++)
            x[i] = x[i] * f + t;
    float sum = 0;
    for (int i = 0; i < CHAINS; i++)
        for (int lane = 0; lane < BYTES / 4; lane++)
            sum += x[i][lane];
    return sum;
}
