import type { SubjectOptions } from '../../src/derive/subject.ts'

/** A sheet with a cost `J`, and what it is differentiated by if that is not every parameter. */
export interface OperationSheet {
  readonly text: string
  readonly options?: SubjectOptions
}

/** Sheets in which every function of the language occurs, for all that is to hold of each of them. */
export const OPERATION_SHEETS: Readonly<Record<string, OperationSheet>> = {
  'functions of exponentials and powers': {
    text: `z = param(n, m); a = param(); x = input(n, 1, x > 0); w = param(n, 1, w > 0)
      J = sum(exp(z) + log(2 + z.^2) + log1p(z.^2) + expm1(z) + sqrt(2 + z.^2) + pow(z, 3) + 2.^z) + sum(x.^a) + sum(w.^(1/3))`, // prettier-ignore
  },
  'functions of angles': {
    text: `z = param(n, m)
      J = sum(sin(z) + cos(z) + tan(z/2) + sinh(z) + cosh(z) + tanh(z) + asin(z/2) + acos(z/2) + atan(z) + erf(z))`,
  },
  'functions with kinks': {
    text: `z = param(n, m); c = param(n, 1)
      J = sum(abs(z) + sign(z).*z + step(z).*z + max(z, c) - min(z, 0)) + sum(where(z > c, z.*c, z.^2)) +
        sum((z >= 0 and not (c < z)).*z + (z > 0 or c > 0).*c + (z != c).*z + (z == c).*z)`,
  },
  'activation functions': {
    text: `z = param(n, m); b = param()
      J = sum(sigmoid(z) + softplus(z) + relu(z) + leaky_relu(z, 0.2) + elu(z, 2) + selu(z)) +
        sum(gelu(z) + gelu_tanh(z) + silu(z) + swish(z, b) + mish(z))`,
  },
  'reductions over axes': {
    text: `X = param(n, m)
      J = var(X) + sum(std(X, axis=1)) + mean(X) + norm(X) + sum(norm(X, axis=0)) + sum(mean(X, axis=1).^2) +
        prod(X) + sum(prod(X, axis=0)) + max(X, axis=[0,1]) + sum(max(X, axis=0).*min(X, axis=0)) + sum(logsumexp(X, axis=1))`, // prettier-ignore
  },
  'softmax and its losses': {
    text: `Z = param(n, m); Y = onehot(n, m); T = input(n, m); v = param(1, m); y = label(1, m)
      A = softmax(Z)
      J = cross_entropy(A, Y)/m + mse(Z, T) + sum(log_softmax(Z, axis=1).*T) + binary_cross_entropy(sigmoid(v), y)`,
  },
  'rows picked by one-hot columns': {
    text: `E = param(d, v); S = onehot(v, m); w = param(1, d); X = E*S; J = sum((w*X).^2)/m`,
  },
  'matrix functions': {
    text: `A = param(n, n); x = input(n, 1); B = param(n, n); assume(det(A) > 0)
      J = logdet(A) + det(A) + x'*inv(A)*x + log(abs(det(B))) + sum(B^3) + trace(A*B) + sum(eye(n)*A*ones(n, n) + zeros(n, n))`, // prettier-ignore
  },
  'vectors and more axes than two': {
    text: `v = param(n); w = param(k); T = param(a, b, c); D = input(n, n)
      J = dot(v, v) + sum(outer(v, w).^2) + sum(diag(D).*v) + sum(diag(v)*D) + sum(transpose(T, [2,0,1]).^3) +
        sum(reshape(T, [a*b, c]).^2)`,
  },
  'Kronecker products': {
    text: `A = param(n, m); B = param(p, q); C = input(n*p, m*q)
      K = kron(A, B)
      J = sum((K - C).^2)/2 + sum(kron(A', B').^3)`,
  },
  'products of batches': {
    text: `Q = param(b, n, d); K = param(b, n, d); V = param(b, n, d)
      P = softmax(Q*transpose(K, [0,2,1])/sqrt(d), axis=2); O = P*V; J = sum(O.^2)/2`,
  },
  'derivatives in the cost': {
    text: `w = param(n, 1); A = input(n, n)
      q = w'*A*w + sum(w.^3); y = tanh(A*w)
      J = sum(grad(q, w).^2) + sum(jacobian(y, w).^2) + sum(hessian(q, w))`,
  },
  'gradients by values between': {
    text: `X = input(n, m); Y = label(1, m); W[1] = param(k, n); W[2] = param(1, k)
      Z[1] = W[1]*X; A[1] = tanh(Z[1]); A[2] = sigmoid(W[2]*A[1]); unused = 2*A[1]
      L = binary_cross_entropy(A[2], Y); J = L/m`,
    options: { of: 'J', wrt: ['A[2]', 'A[1]', 'Z[1]', 'L', 'unused', 'W[1]'] },
  },
  'sizes bound by an assumption': {
    text: `X = param(m, n); A = input(m, m); assume(m >= n); J = trace(inv(X'*A*X))`,
  },
}
