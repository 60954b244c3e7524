-- How wide the columns of a table have to be: from the widths of Times, in points.

local stringify = pandoc.utils.stringify
local COLUMN, PAGE, SIZE, SMALL, GAP = 252, 516, 8, 7, 8
-- Widths of the characters from blank to tilde in thousandths of the size.
local TIMES = { 250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278,
  564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722,
  611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722,
  500, 500, 444, 480, 200, 480, 541 }

local function width(text, size)
  local total = 0
  for _, code in utf8.codes(text) do total = total + (TIMES[code - 31] or 500) end
  return total * size / 1000
end

local function longest_word(text, size)
  local most = 0
  for word in text:gmatch("[^%s]+") do
    if word:match("%a.*[-/]") and #word > 12 then
      for piece in word:gmatch("[^-/]+[-/]?") do most = math.max(most, width(piece, size)) end
    else
      most = math.max(most, width(word, size))
    end
  end
  return most
end

-- What a cell will look like as text: a citation is a number in brackets, code is wider than text.
local function shown(blocks)
  return stringify(pandoc.Pandoc(blocks):walk({
    Cite = function(cite) return pandoc.Str(" [00]" .. (" [00]"):rep(#cite.citations - 1)) end,
    Code = function(code) return pandoc.Str(code.text .. ("i"):rep(math.floor(#code.text / 4))) end,
    Math = function(math) return pandoc.Str((math.text:gsub("\\%a+", "m"):gsub("[{}_^]", ""))) end,
  }))
end

local function cells_of(simple)
  local rows = pandoc.List()
  for _, cells in ipairs({ simple.headers, table.unpack(simple.rows) }) do
    rows:insert(pandoc.List(cells):map(shown))
  end
  return rows
end

-- Widths of columns that together take at most `room`; nil where not even the longest words fit. A column without a width keeps its own.
local function fitted(rows, aligns, room, size)
  local natural, least, easy = {}, {}, {}
  for place = 1, #aligns do
    natural[place], least[place], easy[place] = 0, 0, 0
    for number, row in ipairs(rows) do
      local whole = width(row[place], size) + 0.5
      local numeric = number > 1 and (aligns[place] == "AlignRight" or aligns[place] == "AlignCenter")
      natural[place] = math.max(natural[place], whole)
      least[place] = math.max(least[place], numeric and whole or longest_word(row[place], size) + 1.5)
      easy[place] = math.max(easy[place], number > 1 and whole or longest_word(row[place], size) + 1.5)
    end
  end
  local free = room - GAP * (#aligns - 1)
  local total, least_total, easy_total = 0, 0, 0
  for place = 1, #aligns do total, least_total, easy_total = total + natural[place], least_total + least[place], easy_total + easy[place] end
  if total <= free then return {}, 1 end
  if least_total > free then return nil end
  if easy_total <= free then  -- only heads take more than one line
    local widths = {}
    for place = 1, #aligns do
      local more = (natural[place] - easy[place]) * (free - easy_total) / (total - easy_total)
      widths[place] = more > 0 and easy[place] + more or nil
    end
    return widths, 1
  end
  -- Narrow columns keep their width; what is left is shared by the wide ones, more to those with more to say.
  local kept, widths, most = {}, {}, 1
  repeat
    local again, shares = false, 0
    for place = 1, #aligns do shares = shares + (kept[place] and 0 or math.sqrt(natural[place])) end
    for place = 1, #aligns do
      if not kept[place] then
        local share = free * math.sqrt(natural[place]) / shares
        local bound = share < least[place] and least[place] or share >= natural[place] and natural[place]
        if bound and not again then
          kept[place], again = bound, true
          free = free - bound
        end
        widths[place] = share
      end
    end
  until not again
  for place = 1, #aligns do
    if kept[place] then widths[place] = kept[place] < natural[place] and kept[place] or nil end
    if widths[place] then most = math.max(most, natural[place] / widths[place]) end
  end
  return widths, most
end

-- The layout of a table: size of its letters, whether it takes both columns of the page, widths of its columns.
-- A table without a caption stands in the text and has to take one column.
local function layout(block)
  local simple = pandoc.utils.to_simple_table(block)
  local rows = cells_of(simple)
  for _, size in ipairs({ SIZE, SMALL, 6 }) do
    local widths, lines = fitted(rows, simple.aligns, COLUMN, size)
    if block.identifier == "" then
      if widths then return { size = size, widths = widths, wide = false } end
    else
      if widths and (lines <= 3 or size < SIZE) then return { size = size, widths = widths, wide = false } end
      widths = fitted(rows, simple.aligns, PAGE, size)
      if widths then return { size = size, widths = widths, wide = true } end
    end
  end
  return { size = 6, widths = {}, wide = block.identifier ~= "" }
end

-- The size of a text diagram or listing: as large as its longest line allows, in letters of `share` of their size.
local function letters(text, most, share)
  local longest = 1
  for line in (text .. "\n"):gmatch("(.-)\n") do longest = math.max(longest, utf8.len(line)) end
  return math.min(most, math.floor(COLUMN / (longest * share) * 10) / 10)
end

return { layout = layout, letters = letters }
