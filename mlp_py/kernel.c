/* What takes nearly all the time of training, in single precision, for 128-bit SIMD: the matrix product, and turning
 * bytes into numbers.
 *
 * NumPy in the browser has neither BLAS nor SIMD; this is what the network needs of them. It is written with the
 * compiler's vector types, so one source serves WebAssembly (-msimd128) and the native unit tests. Only multiplication,
 * addition and division are used, never a fused multiply-add (compile with -ffp-contract=off): results are the same to
 * the bit on every machine.
 *
 * How the product is fast. The innermost work is a tile of C, 4 rows by 8 columns, held in 8 vector registers; each step over k
 * takes 8 numbers of B and 4 of A and does 32 multiplications and additions for 6 loads. B is first copied into panels
 * of 8 columns, so that the tile reads it from consecutive addresses in the first-level cache, whatever B's strides
 * are; rows of A are read where they are. Of the tiles tried, 4x8 and 2x16 were the fastest.
 *
 * Order of summation: every element of C is one chain of additions over k, starting from zero, in ascending order;
 * chains longer than 1024 are cut into blocks of 1024, whose sums are added in order. A product is left out only where
 * that changes no bit: NaN and infinity go where they should.
 *
 * What is left out. Four of five pixels of a digit are paper, 0, and what they are times a weight adds nothing. So where
 * A has as many zeros, and B no number that times zero is not zero, a row of C is summed from those rows of B alone whose
 * factor is not zero: a large product takes less than half the time, more than any order of the loops could bring.
 */
#include <float.h>
#include <stdint.h>

typedef float f32x4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t i32x4 __attribute__((vector_size(16)));

enum {
    ROWS = 4,                        /* of a tile */
    COLUMNS = 8,                     /* of a tile and of a panel of B */
    LONGEST_K = 1024,                /* of one panel */
    SCRATCH = COLUMNS * LONGEST_K,   /* floats: 32 kB, what the first-level cache of any current CPU holds */
};

#define INLINE static inline __attribute__((always_inline))

static int smaller(int a, int b) { return a < b ? a : b; }

/* Copies k rows and `width` columns of B into panels of 8 columns. Where B has fewer left, the last one is repeated:
 * what comes of it is dropped. */
static void pack(float *panel, int k, int width, const float *b, int b_row, int b_col)
{
    for (int j = 0; j < width; j += COLUMNS) {
        const int columns = smaller(width - j, COLUMNS);
        const float *row = b + j * b_col;
        if (columns == COLUMNS && b_col == 1) {
            for (int x = 0; x < k; x++, row += b_row, panel += COLUMNS) {
                ((f32x4 *)panel)[0] = ((const f32x4 *)row)[0];
                ((f32x4 *)panel)[1] = ((const f32x4 *)row)[1];
            }
        } else {
            int at[COLUMNS];
            for (int y = 0; y < COLUMNS; y++)
                at[y] = smaller(y, columns - 1) * b_col;
            for (int x = 0; x < k; x++, row += b_row, panel += COLUMNS)
                for (int y = 0; y < COLUMNS; y++)
                    panel[y] = row[at[y]];
        }
    }
}

/* Writes the first `count` numbers of alpha * sum, or adds them to what is there. */
INLINE void store(float *c, int count, f32x4 sum, float alpha, int accumulate)
{
    sum *= alpha;
    if (count == 4) {
        *(f32x4 *)c = accumulate ? *(f32x4 *)c + sum : sum;
    } else {
        for (int lane = 0; lane < 4; lane++)
            if (lane < count)
                c[lane] = accumulate ? c[lane] + sum[lane] : sum[lane];
    }
}

/* One tile of C: `rows` <= 4 by `columns` <= 4 * vectors. The compiler makes a copy for each constant `vectors`. */
INLINE void tile(const int vectors, int rows, int columns, int k, const float *a, int a_row, int a_col,
                 const float *panel, float *c, int c_row, float alpha, int accumulate)
{
    f32x4 sum[ROWS][2] = {0};
    const float *row[ROWS];

    /* Where C has fewer rows left, the last one is computed again and dropped: simpler than more kinds of tile. */
    for (int i = 0; i < ROWS; i++)
        row[i] = a + smaller(i, rows - 1) * a_row;

    /* Not unrolled: by 2, 4 and 8 it measured 5 to 30 % slower in V8. */
#pragma clang loop unroll(disable)
    for (int x = 0; x < k; x++, panel += COLUMNS) {
        for (int i = 0; i < ROWS; i++) {
            const f32x4 factor = {*row[i], *row[i], *row[i], *row[i]};
            for (int v = 0; v < vectors; v++)
                sum[i][v] += factor * ((const f32x4 *)panel)[v];
            row[i] += a_col;
        }
    }

    if (columns == 4 * vectors && rows == ROWS) {
        for (int i = 0; i < ROWS; i++, c += c_row)
            for (int v = 0; v < vectors; v++)
                store(c + 4 * v, 4, sum[i][v], alpha, accumulate);
    } else {
        for (int i = 0; i < ROWS; i++)
            for (int v = 0; v < vectors; v++)
                if (i < rows)
                    store(c + i * c_row + 4 * v, smaller(columns - 4 * v, 4), sum[i][v], alpha, accumulate);
    }
}

static void tile_of_4(int rows, int columns, int k, const float *a, int a_row, int a_col, const float *panel,
                      float *c, int c_row, float alpha, int accumulate)
{
    tile(1, rows, columns, k, a, a_row, a_col, panel, c, c_row, alpha, accumulate);
}

static void tile_of_8(int rows, int columns, int k, const float *a, int a_row, int a_col, const float *panel,
                      float *c, int c_row, float alpha, int accumulate)
{
    tile(2, rows, columns, k, a, a_row, a_col, panel, c, c_row, alpha, accumulate);
}

/* multiply(), nothing left out. */
static void multiply_all(int m, int n, int k, const float *a, int a_row, int a_col, const float *b, int b_row, int b_col,
                         float *c, int c_row, float alpha, int accumulate)
{
    float scratch[SCRATCH];
    do {
        const int depth = smaller(k, LONGEST_K);
        const int at_once = SCRATCH / (depth > 0 ? depth : 1) / COLUMNS * COLUMNS;
        for (int first = 0; first < n; first += at_once) {
            const int width = smaller(n - first, at_once);
            pack(scratch, depth, width, b + first * b_col, b_row, b_col);
            for (int i = 0; i < m; i += ROWS) {
                for (int j = 0; j < width; j += COLUMNS) {
                    const int columns = smaller(width - j, COLUMNS);
                    (columns > 4 ? tile_of_8 : tile_of_4)(
                        smaller(m - i, ROWS), columns, depth, a + i * a_row, a_row, a_col, scratch + j * depth,
                        c + i * c_row + first + j, c_row, alpha, accumulate);
                }
            }
        }
        a += depth * a_col;
        b += depth * b_row;
        k -= depth;
        accumulate = 1;
    } while (k > 0);
}

/* ── Where most of A is zero ────────────────────────────────────────────────────────────────────────────────── */

enum {
    WIDE = 8,  /* vectors of C that are summed at once */
    SPARSE = 3 /* A is sparse if less than one in so many of its numbers is not zero */
};

/* Whether A is sparse, as images are, in which four of five pixels are paper. */
static int is_sparse(int m, int k, const float *a, int a_row, int a_col)
{
    const int across = a_col == 1 ? k : m, down = a_col == 1 ? m : k, step = a_col == 1 ? a_row : a_col;
    i32x4 zeros = {0};
    int count = 0;
    if (a_col != 1 && a_row != 1)
        return 0;
    for (int i = 0; i < down; i++, a += step) {
        int j = 0;
        for (; j + 4 <= across; j += 4)
            zeros -= *(const f32x4 *)(a + j) == 0; /* a lane is -1 where that is so */
        for (; j < across; j++)
            count += a[j] == 0;
    }
    count += zeros[0] + zeros[1] + zeros[2] + zeros[3];
    return (int64_t)(m * k - count) * SPARSE < (int64_t)m * k;
}

/* Whether all numbers of a matrix, whose rows have no gaps, are within a bound of 0, so none of them NaN. */
static int are_within(int rows, int columns, const float *row, int step, float bound)
{
    const f32x4 high = {bound, bound, bound, bound}, low = -high;
    i32x4 all = ~(i32x4){0};
    int rest = 1;
    for (int i = 0; i < rows; i++, row += step) {
        int j = 0;
        for (; j + 4 <= columns; j += 4) {
            const f32x4 four = *(const f32x4 *)(row + j);
            all &= (four <= high) & (four >= low);
        }
        for (; j < columns; j++)
            rest &= row[j] <= bound && row[j] >= -bound;
    }
    return (all[0] & all[1] & all[2] & all[3] & rest) != 0;
}

/* A row of C, 4 * vectors columns of it: the sum of so many rows of B, each times a number of A. */
INLINE void sum_rows(const int vectors, int count, const float *factor, const float *const *row, int first, float *c,
                     float alpha, int accumulate)
{
    f32x4 sum[WIDE] = {0};
    for (int t = 0; t < count; t++) {
        const f32x4 all = {factor[t], factor[t], factor[t], factor[t]};
        const f32x4 *const four = (const f32x4 *)(row[t] + first);
        for (int v = 0; v < vectors; v++)
            sum[v] += all * four[v];
    }
    for (int v = 0; v < vectors; v++)
        store(c + first + 4 * v, 4, sum[v], alpha, accumulate);
}

/* multiply() for k <= LONGEST_K, a sparse A, and a B without gaps in its rows, all of it finite: what is times zero would
 * add zero to a sum that is not -0, which changes no bit, so it is left out. n is a multiple of 4. */
static void multiply_some(int m, int n, int k, const float *a, int a_row, int a_col, const float *b, int b_row, float *c,
                          int c_row, float alpha, int accumulate)
{
    float factor[LONGEST_K];
    const float *row[LONGEST_K];
    for (int i = 0; i < m; i++, a += a_row, c += c_row) {
        int count = 0;
        for (int x = 0; x < k; x++) {
            factor[count] = a[x * a_col];
            row[count] = b + x * b_row;
            count += a[x * a_col] != 0;
        }
        if (!count && accumulate && alpha < 0 && alpha * 0 == 0)
            continue; /* even -0 less 0 is what it was */
        int j = 0;
        for (; j + 4 * WIDE <= n; j += 4 * WIDE)
            sum_rows(WIDE, count, factor, row, j, c, alpha, accumulate);
        for (; j < n; j += 4)
            sum_rows(1, count, factor, row, j, c, alpha, accumulate);
    }
}

/* C = alpha A B, or C += alpha A B if `accumulate`. A is m x k, B is k x n, C is m x n and overlaps neither.
 * A's element (i, x) is a[i * a_row + x * a_col], likewise B: a transposed matrix is two strides exchanged. */
void multiply(int m, int n, int k, const float *a, int a_row, int a_col, const float *b, int b_row, int b_col,
              float *c, int c_row, float alpha, int accumulate)
{
    int some = 0; /* of the columns, those that multiply_some() does */
    if (b_col == 1 && n >= 4 * WIDE && k <= LONGEST_K && is_sparse(m, k, a, a_row, a_col) &&
        are_within(k, n, b, b_row, FLT_MAX)) {
        some = n / 4 * 4;
        multiply_some(m, some, k, a, a_row, a_col, b, b_row, c, c_row, alpha, accumulate);
    }
    if (some < n)
        multiply_all(m, n - some, k, a, a_row, a_col, b + some * b_col, b_row, b_col, c + some, c_row, alpha, accumulate);
}

/* Other threads, if there are any (site/js/threads.js): begin() gets what multiply() gets, and returns how many of C's
 * first rows to do here, while others do what they get to of the rest. Then more() says which rows are still to be done
 * here, how many and from where on, until there are none. A row is the same by whomever it is done. */
typedef int Begin(int m, int n, int k, const float *a, int a_row, int a_col, const float *b, int b_row, int b_col,
                  const float *c, int c_row, float alpha, int accumulate);
typedef int More(int *first);
static Begin *begin;
static More *more;

/* Multiplications of a product that others are asked to take part in. Below, on the two cores where this was measured, they
 * spared time of the product and cost more than that elsewhere, since they keep the machine from what else a page does. */
enum { WORTHWHILE = 1 << 26 };

void set_threads(Begin *new_begin, More *new_more)
{
    begin = new_begin;
    more = new_more;
}

static void product(int m, int n, int k, const float *a, int a_row, int a_col, const float *b, int b_row, int b_col,
                    float *c, int c_row, float alpha, int accumulate)
{
    const int is_shared = begin && (int64_t)m * n * k >= WORTHWHILE;
    int first = 0, rows = is_shared ? begin(m, n, k, a, a_row, a_col, b, b_row, b_col, c, c_row, alpha, accumulate) : m;
    do
        multiply(rows, n, k, a + first * a_row, a_row, a_col, b, b_row, b_col, c + first * c_row, c_row, alpha, accumulate);
    while (is_shared && (rows = more(&first)));
}

/* The head of a NumPy array in memory (PyArrayObject_fields in numpy/ndarraytypes.h, part of its stable ABI). Reading it
 * here spares Python, slow in a browser, from taking three arrays apart at each call: 3 microseconds against 17. */
typedef struct {
    intptr_t reference_count;
    const void *type;
    void *data;
    int dimensions;
    const intptr_t *shape, *strides; /* strides in bytes */
    const void *base, *dtype;
    int flags;
} Array;

enum { WRITEABLE = 0x0400 }; /* of the flags: NPY_ARRAY_WRITEABLE */

static int is_matrix(const Array *array, const void *float32)
{
    return array->dtype == float32 && array->dimensions == 2 &&
           ((uintptr_t)array->data | array->strides[0] | array->strides[1]) % sizeof(float) == 0;
}

/* The addresses from the first byte of a matrix to the one after its last. */
typedef struct {
    const char *first, *end;
} Span;

static Span span(const Array *array)
{
    Span bytes = {array->data, (const char *)array->data + sizeof(float)};
    for (int axis = 0; axis < 2; axis++) {
        const intptr_t length = (array->shape[axis] - 1) * array->strides[axis];
        if (length < 0)
            bytes.first += length;
        else
            bytes.end += length;
    }
    return bytes;
}

static int may_overlap(const Array *a, const Array *b)
{
    const Span one = span(a), other = span(b);
    return one.first < other.end && other.first < one.end;
}

/* C = alpha A B, or C += alpha A B, for NumPy arrays.
 * Returns 0, having done nothing, where the shapes don't match, an array is not float32, C cannot be written or may overlap
 * A or B, or where adding block by block would round otherwise than adding the whole product. */
int dot(const Array *a, const Array *b, const Array *c, const void *float32, float alpha, int accumulate)
{
    const int size = sizeof(float);
    if (!is_matrix(a, float32) || !is_matrix(b, float32) || !is_matrix(c, float32) || c->strides[1] != size)
        return 0;
    if (!(c->flags & WRITEABLE) || may_overlap(c, a) || may_overlap(c, b) || (accumulate && a->shape[1] > LONGEST_K))
        return 0;
    if (a->shape[1] != b->shape[0] || a->shape[0] != c->shape[0] || b->shape[1] != c->shape[1])
        return 0;
    product(a->shape[0], b->shape[1], a->shape[1], a->data, a->strides[0] / size, a->strides[1] / size,
            b->data, b->strides[0] / size, b->strides[1] / size, c->data, c->strides[0] / size, alpha, accumulate);
    return 1;
}

/* Whether an array is a matrix of this type and width whose elements lie one after the other. */
static int is_packed(const Array *array, const void *dtype, int size, intptr_t columns)
{
    return array->dtype == dtype && array->dimensions == 2 && array->shape[1] == columns && array->strides[1] == size &&
           array->strides[0] == size * columns;
}

/* Whether rows is a list of rows of images, and out has as many. */
static int can_gather(const Array *images, const Array *rows, const Array *out, const void *uint8, const void *intp,
                      const void *float32)
{
    if (images->dimensions != 2 || rows->dtype != intp || rows->dimensions != 1)
        return 0;
    const intptr_t *row = rows->data, n_rows = rows->shape[0], columns = images->shape[1];
    if (!is_packed(images, uint8, 1, columns) || !is_packed(out, float32, sizeof(float), columns) ||
        out->shape[0] != n_rows || rows->strides[0] != sizeof *row)
        return 0;
    for (intptr_t i = 0; i < n_rows; i++)
        if (row[i] < 0 || row[i] >= images->shape[0])
            return 0;
    return 1;
}

/* out[i][j] = images[rows[i]][j] / 255. Divides, as NumPy does: a multiplication by 1/255 would differ in the last bit.
 * Returns 0, having done nothing, unless images are uint8, rows intp and within them, out float32, all contiguous. */
int normalize_rows(const Array *images, const Array *rows, const Array *out, const void *uint8, const void *intp,
                   const void *float32)
{
    if (!can_gather(images, rows, out, uint8, intp, float32))
        return 0;
    const intptr_t columns = images->shape[1], n_rows = rows->shape[0], *row = rows->data;
    float *number = out->data;
    for (intptr_t i = 0; i < n_rows; i++) {
        const uint8_t *pixel = (const uint8_t *)images->data + row[i] * columns;
        for (intptr_t j = 0; j < columns; j++)
            *number++ = pixel[j] / 255.0f;
    }
    return 1;
}

enum { SIDE = 28, PADDED = SIDE + 2 }; /* of an image, and of one with a margin of paper */

/* Lane by lane, a where the mask is all ones, b where it is zero. */
INLINE f32x4 choose(i32x4 mask, f32x4 a, f32x4 b) { return (f32x4)(((i32x4)a & mask) | ((i32x4)b & ~mask)); }

/* Where four coordinates fall in a padded image: in the square that begins at `first`, so far into it. Anything outside
 * of the image is on the margin. */
INLINE f32x4 place(f32x4 coordinate, i32x4 *first)
{
    const f32x4 low = {0}, high = low + (PADDED - 1);
    const i32x4 last = (i32x4){0} + (PADDED - 2);
    coordinate = choose(coordinate > -1, coordinate + 1, low);
    coordinate = choose(coordinate < high, coordinate, high);
    *first = __builtin_elementwise_min(__builtin_convertvector(coordinate, i32x4), last);
    return coordinate - __builtin_convertvector(*first, f32x4);
}

/* Like normalize_rows(), and distorts: the pixel (x, y) of out[i] is what images[rows[i]] has, bilinearly interpolated,
 * at (m0 x + m1 y + m2, m3 x + m4 y + m5), where m is maps[i]. Images are 28x28, and paper beyond. */
int distort_rows(const Array *images, const Array *rows, const Array *maps, const Array *out, const void *uint8,
                 const void *intp, const void *float32)
{
    if (!can_gather(images, rows, out, uint8, intp, float32) || images->shape[1] != SIDE * SIDE ||
        !is_packed(maps, float32, sizeof(float), 6) || maps->shape[0] != rows->shape[0])
        return 0;
    const intptr_t n_rows = rows->shape[0], *row = rows->data;
    const float *m = maps->data;
    float *number = out->data, padded[PADDED * PADDED] = {0};

    for (intptr_t i = 0; i < n_rows; i++, m += 6) {
        const uint8_t *pixel = (const uint8_t *)images->data + row[i] * SIDE * SIDE;
        for (int y = 1; y <= SIDE; y++)
            for (int x = 1; x <= SIDE; x++)
                padded[y * PADDED + x] = *pixel++ / 255.0f;
        for (int y = 0; y < SIDE; y++) {
            for (int first_x = 0; first_x < SIDE; first_x += 4, number += 4) {
                const f32x4 x = {first_x, first_x + 1, first_x + 2, first_x + 3};
                i32x4 left, top;
                const f32x4 right_share = place(m[0] * x + m[1] * y + m[2], &left);
                const f32x4 low_share = place(m[3] * x + m[4] * y + m[5], &top);
                const i32x4 at = top * PADDED + left;
                f32x4 corner[4]; /* above left, above right, below left, below right */
                for (int lane = 0; lane < 4; lane++) {
                    const float *square = padded + at[lane];
                    corner[0][lane] = square[0];
                    corner[1][lane] = square[1];
                    corner[2][lane] = square[PADDED];
                    corner[3][lane] = square[PADDED + 1];
                }
                const f32x4 above = corner[0] + (corner[1] - corner[0]) * right_share;
                const f32x4 below = corner[2] + (corner[3] - corner[2]) * right_share;
                *(f32x4 *)number = above + (below - above) * low_share;
            }
        }
    }
    return 1;
}

/* ── What is between the products of a network ─────────────────────────────────────────────────────────────────
 *
 * Each does what NumPy would do in several calls, in the same order of operations, so to the same bit; only exp() and
 * log() are left to NumPy, which has its own. Returns 0, having done nothing, where an array is another than expected. */

/* Whether an array is a float32 matrix without gaps. */
static int is_dense(const Array *x, const void *float32)
{
    return x->dimensions == 2 && is_packed(x, float32, sizeof(float), x->shape[1]);
}

/* Whether an array is one with so many rows, as wide as such a matrix. */
static int is_beside(const Array *array, const Array *x, const void *float32, intptr_t rows)
{
    return is_packed(array, float32, sizeof(float), x->shape[1]) && array->shape[0] == rows;
}

/* out = out + biases, row by row; and rectified = max(0, out), NaN staying NaN, if there is such an array. */
int add_biases(const Array *out, const Array *biases, const Array *rectified, const void *float32)
{
    if (!is_dense(out, float32) || !is_beside(biases, out, float32, 1) ||
        (rectified && !is_beside(rectified, out, float32, out->shape[0])))
        return 0;
    const intptr_t rows = out->shape[0], columns = out->shape[1];
    const float *bias = biases->data;
    float *number = out->data, *positive = rectified ? rectified->data : 0;
    for (intptr_t i = 0; i < rows; i++, number += columns) {
        for (intptr_t j = 0; j < columns; j++)
            number[j] += bias[j];
        if (!positive)
            continue;
        for (intptr_t j = 0; j < columns; j++)
            positive[j] = number[j] <= 0 ? 0 : number[j];
        positive += columns;
    }
    return 1;
}

/* out = x - the largest number of each row, NaN if one is. */
int subtract_maximum(const Array *x, const Array *out, const void *float32)
{
    if (!is_dense(x, float32) || x->shape[1] < 1 || !is_beside(out, x, float32, x->shape[0]))
        return 0;
    const intptr_t rows = x->shape[0], columns = x->shape[1];
    const float *from = x->data;
    float *to = out->data;
    for (intptr_t i = 0; i < rows; i++, from += columns, to += columns) {
        float largest = from[0];
        for (intptr_t j = 1; j < columns; j++)
            if (from[j] > largest || from[j] != from[j])
                largest = from[j];
            else if (largest != largest)
                break;
        for (intptr_t j = 0; j < columns; j++)
            to[j] = from[j] - largest;
    }
    return 1;
}

enum { LONGEST_SUM = 128 }; /* of NumPy's pairwise sums, a block */

/* The sum of a few numbers in the order of NumPy's pairwise summation (numpy/_core/src/umath/loops_utils.h.src). */
static float pairwise_sum(const float *number, intptr_t count)
{
    float sum = 0;
    intptr_t i = 0;
    if (count >= 8) {
        float part[8];
        for (; i < 8; i++)
            part[i] = number[i];
        for (; i + 8 <= count; i += 8)
            for (int lane = 0; lane < 8; lane++)
                part[lane] += number[i + lane];
        sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
    for (; i < count; i++)
        sum += number[i];
    return sum;
}

/* x = x / the sum of each row. */
int divide_by_sum(const Array *x, const void *float32)
{
    if (!is_dense(x, float32) || x->shape[1] > LONGEST_SUM)
        return 0;
    const intptr_t rows = x->shape[0], columns = x->shape[1];
    float *number = x->data;
    for (intptr_t i = 0; i < rows; i++, number += columns) {
        const float sum = pairwise_sum(number, columns);
        for (intptr_t j = 0; j < columns; j++)
            number[j] /= sum;
    }
    return 1;
}

/* Whether labels are of this type, one for each of so many rows, and below the number of classes. */
static int are_labels(const Array *labels, const void *uint8, intptr_t rows, intptr_t classes)
{
    if (labels->dtype != uint8 || labels->dimensions != 1 || labels->shape[0] != rows || labels->strides[0] != 1)
        return 0;
    const uint8_t *label = labels->data;
    for (intptr_t i = 0; i < rows; i++)
        if (label[i] >= classes)
            return 0;
    return 1;
}

/* x = x * (1 where a column is the row's label, else 0). */
int times_one_hot(const Array *x, const Array *labels, const void *float32, const void *uint8)
{
    if (!is_dense(x, float32) || !are_labels(labels, uint8, x->shape[0], x->shape[1]))
        return 0;
    const intptr_t rows = x->shape[0], columns = x->shape[1];
    const uint8_t *label = labels->data;
    float *number = x->data;
    for (intptr_t i = 0; i < rows; i++, number += columns)
        for (intptr_t j = 0; j < columns; j++)
            number[j] *= j == label[i] ? 1.0f : 0.0f;
    return 1;
}

/* Adds a row to sums; the first one to 0, as NumPy does: what is -0 in all rows comes to 0. */
INLINE void add_row(float *sums, const float *row, intptr_t columns, int is_first)
{
    for (intptr_t j = 0; j < columns; j++)
        sums[j] = (is_first ? 0.0f : sums[j]) + row[j];
}

/* out = x - (1 where a column is the row's label, else 0), and sums = the sum of its rows. */
int minus_one_hot(const Array *x, const Array *labels, const Array *out, const Array *sums, const void *float32,
                  const void *uint8)
{
    if (!is_dense(x, float32) || x->shape[0] < 1 || !is_beside(out, x, float32, x->shape[0]) ||
        !is_beside(sums, x, float32, 1) || !are_labels(labels, uint8, x->shape[0], x->shape[1]))
        return 0;
    const intptr_t rows = x->shape[0], columns = x->shape[1];
    const uint8_t *label = labels->data;
    const float *from = x->data;
    float *to = out->data;
    for (intptr_t i = 0; i < rows; i++, from += columns, to += columns) {
        for (intptr_t j = 0; j < columns; j++)
            to[j] = from[j] - (j == label[i] ? 1.0f : 0.0f);
        add_row(sums->data, to, columns, i == 0);
    }
    return 1;
}

/* out = x * (1 where y > 0, else 0), and sums = the sum of its rows. */
int where_positive(const Array *x, const Array *y, const Array *out, const Array *sums, const void *float32)
{
    if (!is_dense(x, float32) || x->shape[0] < 1 || !is_beside(y, x, float32, x->shape[0]) ||
        !is_beside(out, x, float32, x->shape[0]) || !is_beside(sums, x, float32, 1))
        return 0;
    const intptr_t rows = x->shape[0], columns = x->shape[1];
    const float *from = x->data, *sign = y->data;
    float *to = out->data;
    for (intptr_t i = 0; i < rows; i++, from += columns, sign += columns, to += columns) {
        for (intptr_t j = 0; j < columns; j++)
            to[j] = from[j] * (sign[j] > 0 ? 1.0f : 0.0f);
        add_row(sums->data, to, columns, i == 0);
    }
    return 1;
}

/* Whether all numbers of a matrix without gaps are within a bound of 0, so none of them NaN. */
int all_within(const Array *array, const void *float32, int bound)
{
    return is_dense(array, float32) && are_within(array->shape[0], array->shape[1], array->data, array->shape[1], bound);
}
