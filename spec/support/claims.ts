/** Sheets whose last statement is a true claim: everyday gradients, and the ones that numbers are tempted to deny. */
export const TRUE_SHEETS: Readonly<Record<string, string>> = {
  'logistic regression': `
    X = input(n, m); Y = label(1, m); w = param(n, 1); b = param(1, 1)
    A = sigmoid(w'*X + b)
    J = -sum(Y.*log(A) + (1 - Y).*log(1 - A))/m
    grad(J, w) == 1/m * X*(A - Y)'`,
  'two tanh layers': `
    X = input(n, m); W = param(h, n); b = param(h, 1); V = param(k, h); Y = input(k, m)
    A = tanh(W*X + b)
    E = V*A - Y
    J = sum(E.^2)/(2*m)
    grad(J, W) == 1/m * ((V'*E).*(1 - A.^2))*X'`,
  'softmax with its maximum subtracted': `
    z = input(n, m); c = max(z, axis=0)
    exp(z - c)./sum(exp(z - c), axis=0) == softmax(z, axis=0)`,
  'cross-entropy under one-hot labels': `
    Z = input(k, m); Y = onehot(k, m)
    J = -sum(Y.*log(softmax(Z, axis=0)))
    grad(J, Z) == softmax(Z, axis=0) - Y`,
  'cross-entropy of a distribution': `
    Z = input(n, k); P = input(n, k, P > 0); T = input(T > 0)
    assume(sum(P, axis=1) == 1)
    J = -sum(P.*log(softmax(Z./T, axis=1)))
    grad(J, Z) == (softmax(Z./T, axis=1) - P)./T`,
  'batch norm': `
    x = input(N, D); U = input(N, D); eps = input(eps > 0)
    mu = mean(x, axis=0); var = mean((x - mu).^2, axis=0); y = (x - mu)./sqrt(var + eps)
    J = sum(U.*y)
    grad(J, x) == (U - mean(U, axis=0) - mean(U.*y, axis=0).*y)./sqrt(var + eps)`,
  'an unbiased deviation': `
    x = input(N, 1); mu = mean(x); s = sqrt(sum((x - mu).^2)/(N - 1))
    grad(s, x) == (x - mu)./(s*(N - 1))`,
  'a quotient that cancels': `
    x = input(n)
    (x.^2 - 1)./(x - 1) == x + 1`,
  'a relu that ties with zero on an open set': `
    Z = input(n, m)
    (relu(Z) >= 0) == ones(n, m)`,
  'a maximum of a value with itself': `
    z = input(n); U = input(n)
    grad(sum(U.*max(z, z)), z) == U`,
  'labels that are compared': `
    Y = label(n, m); X = input(n, m)
    X.*(Y == 1) + X.*(Y < 0.5) == X`,
  'a leaky relu': `
    x = input(n); U = input(n)
    grad(sum(U.*leaky_relu(x, 0.1)), x) == U.*where(x > 0, 1, 0.1)`,
  'a clip at six': `
    x = input(n)
    grad(sum(min(max(x, 0), 6)), x) == (x > 0).*(x < 6)`,
  'Huber loss': `
    e = input(n); d = input(d > 0)
    J = sum(where(abs(e) <= d, 0.5*e.^2, d*(abs(e) - 0.5*d)))
    grad(J, e) == min(max(e, -d), d)`,
  'a determinant with fewer columns than rows': `
    X = input(m, n); assume(m >= n)
    J = det(X'*X)
    grad(J, X) == 2*det(X'*X)*X*inv(X'*X)`,
  'a determinant without being told about sizes': `
    X = input(m, n)
    J = logdet(X'*X)
    grad(J, X) == 2*X*inv(X'*X)`,
  'a symmetric form': `
    x = input(n, 1); B = input(n, n); assume(B' == B)
    grad(x'*B*x, x) == 2*B*x`,
  'an orthogonal matrix': `
    Q = input(n, n); A = input(n, m); assume(Q'*Q == eye(n))
    sum((Q*A).^2) == sum(A.^2)`,
  'a unit vector': `
    x = input(n, 1); A = input(n, n); assume(x'*x == 1)
    x'*(A*x)*(x'*x) == x'*A*x`,
  'a general equality': `
    a = input(n); b = input(n); assume(a.*b + a == 2)
    2./a - 1 == b`,
  signs: `
    y = input(n); x = input(n); assume(y.^2 == 1)
    sigmoid(-x.*y) == where(y > 0, sigmoid(-x), sigmoid(x))`,
  'half-angle saturation': `
    x = input(n)
    1 - tanh(x).^2 == 4*sigmoid(2*x).*sigmoid(-2*x)`,
  'a logarithm of a product of positive numbers': `
    x = input(n, x > 0); y = input(n, y > 0)
    log(x.*y) == log(x) + log(y)`,
  'softplus by hand': `
    x = input(n)
    log(1 + exp(x)) == softplus(x)`,
  'a second derivative': `
    x = input()
    grad(grad(x*tanh(x), x), x) == (2 - 2*x*tanh(x))*(1 - tanh(x)^2)`,
  'nothing depends on it': `
    x = input(n); y = input(n)
    grad(sum(x.^2), y) == 0`,
  'sizes as numbers': `
    x = input(n, m)
    mean(x) == sum(x)/(n*m)`,
  'an angle': `
    x = input(n)
    sin(x).^2 + cos(x).^2 == ones(n)`,
}

/** Sheets whose last statement is a false claim, by what is wrong. */
export const FALSE_SHEETS: Readonly<Record<string, string>> = {
  'a missing transpose of a square matrix': `
    A = input(n, n)
    grad(trace(A*A), A) == 2*A`,
  'a missing factor m': `
    X = input(n, m); w = param(n, 1); y = input(1, m)
    grad(sum((w'*X - y).^2)/m, w) == 2*X*(w'*X - y)'`,
  'a wrong sign': `
    z = input(n); y = label(n)
    grad(-sum(y.*log(sigmoid(z)) + (1 - y).*log(1 - sigmoid(z))), z) == y - sigmoid(z)`,
  'a wrong axis': `
    x = input(n, n); U = input(n, n)
    P = softmax(x, axis=0)
    grad(sum(U.*P), x) == P.*(U - sum(U.*P, axis=1))`,
  'a missing eps': `
    x = input(n, m); U = input(n, m)
    grad(sum(U.*x./sqrt(mean(x.^2, axis=1) + 1e-5)), x) == U./sqrt(mean(x.^2, axis=1)) - x.*mean(U.*x, axis=1)./sqrt(mean(x.^2, axis=1)).^3`,
  'a missing tiny eps': `
    x = input(n, x > 0)
    x./(sqrt(x) + 1e-8) == sqrt(x)`,
  'a clip that is forgotten': `
    x = input(n)
    min(max(x, 0), 6) == relu(x)`,
  'a clip of a layer that is forgotten': `
    W = param(k, n); X = input(n, m)
    min(W*X, 50) == W*X`,
  'two switches at one entry': `
    x = input(n); y = input(n)
    where((x > 4) and (y > 4), x, y) == y`,
  'only for one column': `
    x = input(n, m)
    sum(x) == sum(x, axis=1).*ones(n, m)*ones(m, 1)/m`,
  'the derivative of the other activation': `
    z = input(n)
    grad(sum(sigmoid(z)), z) == 1 - sigmoid(z).^2`,
  'x/x where x may vanish is one, but not two': `
    x = input(n)
    x./x == 2*ones(n)`,
  'the root of a square': `
    x = input(n)
    sqrt(x.^2) == x`,
  'labels that all are one': `
    Y = label(n, m)
    prod(Y, axis=0) == zeros(1, m)`,
  'a rounding of another constant': `
    x = input(n)
    0.79*x == sqrt(2/pi)*x`,
  'true only of sizes of one': `
    A = input(n, n)
    det(A) == trace(A)`,
  'off by a relative part in a hundred thousand': `
    x = input(n)
    exp(x) == 1.00001*exp(x)`,
}
