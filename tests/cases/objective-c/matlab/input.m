function y = f(x)
% doubles
  y = 2 * x;
end
