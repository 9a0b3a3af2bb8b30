class Before
  def fine(a)
    a
  end
end

class Half
  def open_call(a
    if a
  end

class After
  def text; end
end
