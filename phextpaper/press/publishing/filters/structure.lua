-- The assembled paper as a document of its own kind: title and abstract apart, headings without typed numbers, captions in their
-- figures and tables, references to sections, figures, tables and equations as links. What comes after it writes one format.

local stringify = pandoc.utils.stringify
local FRONT = { ["Contents"] = true, ["List of figures"] = true, ["List of tables"] = true, ["References"] = true }
local KINDS = { Section = "sec", Figure = "fig", Table = "tab", Equation = "eq" }
local UNITS = { ns = 1, ["µs"] = 1, ms = 1, s = 1, kB = 1, MB = 1, GB = 1, TB = 1, ["GB/s"] = 1, ["TB/s"] = 1, W = 1, kW = 1, MW = 1, pJ = 1, ["%"] = 1 }

local function is_blank(block)
  return block.t == "Para" and #block.content > 0 and block.content:find_if(function(item) return item.t ~= "RawInline" end) == nil
end

-- Inlines without a label such as "Table 2:" at their start.
local function unlabelled(inlines, words)
  local kept = pandoc.List(inlines):clone()
  for _ = 1, words do
    while #kept > 0 and kept[1].t ~= "Str" do kept:remove(1) end
    kept:remove(1)
  end
  while #kept > 0 and kept[1].t ~= "Str" and not kept[1].content and not kept[1].text do kept:remove(1) end
  return kept
end

-- A caption begins with a capital.
local function capital(inlines)
  local first = inlines[1]
  if first and first.t == "Str" then first.text = first.text:gsub("^%l", string.upper) end
  return inlines
end

local function headed(block)
  local number = stringify(block):match("^(%d[%d.]*)%s")
  if not number then return pandoc.Header(block.level - 1, block.content, { class = "unnumbered" }) end
  return pandoc.Header(block.level - 1, unlabelled(block.content, 1), { id = "sec:" .. number })
end

-- The caption of a table: a paragraph in bold of its own, "Table 2: ...".
local function caption_of(block)
  local strong = block and block.t == "Para" and #block.content == 1 and block.content[1].t == "Strong" and block.content[1]
  local number = strong and stringify(strong):match("^Table (%d+):")
  if number then return number, capital(unlabelled(strong.content, 2)) end
end

-- What is said below a table: a paragraph "Notes on Table 2. ...".
local function notes_on(block, number)
  if block.t == "Para" and stringify(block):match("^Notes on Table " .. number .. "%. ") then return pandoc.Plain(unlabelled(block.content, 4)) end
end

local function captioned(block)
  local number = stringify(block.caption.long):match("^Figure (%d+):")
  if not number then return block end
  block.identifier = "fig:" .. number
  block.caption.long = { pandoc.Plain(capital(unlabelled(block.caption.long[1].content, 2))) }
  return block
end

local function displayed(block)
  return block and block.t == "Para" and #block.content == 1 and block.content[1].t == "Math" and block.content[1].mathtype == "DisplayMath"
end

-- A displayed formula belongs to the sentence around it.
local function joined(blocks)
  local found = pandoc.List()
  for place, block in ipairs(blocks) do
    local last = found[#found]
    if displayed(block) and last and last.t == "Para" and not displayed(last) then
      last.content:extend({ pandoc.SoftBreak() })
      last.content:extend(block.content)
    elseif displayed(blocks[place - 1]) and block.t == "Para" and stringify(block):match("^%l") and last and last.t == "Para" then
      last.content:extend({ pandoc.SoftBreak() })
      last.content:extend(block.content)
    else
      found:insert(block)
    end
  end
  return found
end

local function structured(document)
  local abstract, body, skipped, part = pandoc.List(), pandoc.List(), false, "front"
  local blocks = document.blocks:filter(function(block) return not is_blank(block) and block.t ~= "RawBlock" end)
  local caption
  for place, block in ipairs(blocks) do
    local above = blocks[place - 1]
    if block.t == "Header" and block.level == 1 then
      document.meta.title = pandoc.MetaInlines(block.content)
    elseif block.t == "Header" and block.level == 2 then
      local title = stringify(block)
      skipped, part = FRONT[title] or false, title == "Abstract" and "abstract" or "body"
      if part == "body" and not skipped then body:insert(headed(block)) end
    elseif skipped then
    elseif part == "front" then
      document.meta.note = pandoc.MetaInlines(block.content[1].t == "Emph" and block.content[1].content or block.content)
    elseif part == "abstract" then
      abstract:insert(block)
    elseif block.t == "Header" then
      body:insert(headed(block))
    elseif block.t == "Figure" then
      body:insert(captioned(block))
    elseif caption_of(block) then
      caption = { caption_of(block) }
    elseif body[#body] and body[#body].t == "Table" and body[#body].identifier ~= "" and above.t == "Table" and notes_on(block, body[#body].identifier:match("%d+")) then
      local tabled = body[#body]
      tabled.caption.long = { tabled.caption.long[1], notes_on(block, tabled.identifier:match("%d+")) }
    else
      if block.t == "Table" and caption then
        block.identifier, block.caption.long = "tab:" .. caption[1], { pandoc.Plain(caption[2]) }
        caption = nil
      end
      body:insert(block)
    end
  end
  document.meta.abstract = pandoc.MetaBlocks(abstract)
  document.blocks = joined(body)
  return document
end

-- ------------------------------------------------------------------ inlines
local function link(kind, number)
  return pandoc.Link(number, "#" .. KINDS[kind] .. ":" .. number, "", { class = "ref" })
end

-- A number such as 3.4 at the start of a text, and the rest.
local function leading(text)
  local first, rest = text:match("^(%d+)(.*)$")
  while rest and rest:match("^%.%d") do
    local more, after = rest:match("^(%.%d+)(.*)$")
    first, rest = first .. more, after
  end
  return first, rest
end

-- One word of a list of numbers: "3.4,", "3-7", "3"; empty where it is none.
local function numbered(kind, text)
  local first, rest = leading(text)
  if not first then return pandoc.List() end
  local found = pandoc.List({ link(kind, first) })
  local last, after = leading(rest:gsub("^–", "-"):match("^%-(.*)$") or "")
  if last then
    found:extend({ pandoc.Str("–"), link(kind, last) })
    rest = after
  end
  if rest ~= "" then found:insert(pandoc.Str(rest)) end
  return found
end

local JOINS = { ["and"] = true, ["or"] = true, ["to"] = true, ["through"] = true }

-- "Sections 3, 4.1 and 5" from the word on: what replaces it, and how many inlines that takes.
local function referred(inlines, place)
  local before, word, plural = inlines[place].text:match("^(.-)(%a+)(s?)$")
  if word and not KINDS[word] and word:sub(-1) == "s" then word, plural = word:sub(1, -2), "s" end
  if not word or not KINDS[word] or before:match("%w$") then return nil end
  local after = inlines[place + 2]
  if not after or after.t ~= "Str" or not after.text:match("^%d") then return nil end
  local found = pandoc.List({ pandoc.Str(before .. word .. plural .. "\u{a0}") })
  found:extend(numbered(word, after.text))
  local last = place + 2
  while plural == "s" and inlines[last].t == "Str" and not inlines[last].text:match("[.;:)]$") do
    local step, next_word = 2, inlines[last + 2]
    if next_word and next_word.t == "Str" and JOINS[next_word.text] then step, next_word = 4, inlines[last + 4] end
    if not (next_word and next_word.t == "Str" and next_word.text:match("^%d")) or (step == 2 and not inlines[last].text:match(",$")) then break end
    found:insert(pandoc.Space())
    if step == 4 then found:extend({ inlines[last + 2], pandoc.Str("\u{a0}") }) end
    found:extend(numbered(word, next_word.text))
    last = last + step
  end
  return found, last
end

local function is_number(item)
  return item and item.t == "Str" and item.text:match("^%(?[%d][%d.,]*$") ~= nil
end

-- Between numbers an x is a times sign; a unit stays with its number.
local function tidied(inlines)
  local found = pandoc.List()
  local place = 1
  while place <= #inlines do
    local item, taken = inlines[place], nil
    if item.t == "Str" then
      local new, last = referred(inlines, place)
      if new then
        found:extend(new)
        taken = last
      elseif item.text == "x" and is_number(inlines[place - 2]) and inlines[place + 2] and stringify(inlines[place + 2]):match("^%d") then
        found[#found] = pandoc.Str("\u{a0}")
        found:extend({ pandoc.Str("×\u{a0}") })
        taken = place + 1
      elseif item.text:match("^%(?[1-9]%d*x%d+") then
        item.text = item.text:gsub("(%d)x(%d)", "%1×%2"):gsub("(%d)x(%d)", "%1×%2")
      elseif UNITS[item.text:match("^(.-)[.,;:)]*$")] and is_number(inlines[place - 2]) and #found > 0 then
        found[#found] = pandoc.Str("\u{a0}")
      end
    end
    if taken then
      place = taken + 1
    else
      found:insert(item)
      place = place + 1
    end
  end
  return found
end

-- Equations are numbered in their order; those that stand in a text keep their places in it.
local equations = 0
local function equation(math)
  if math.mathtype ~= "DisplayMath" then return nil end
  equations = equations + 1
  return pandoc.Span({ math }, { id = "eq:" .. equations, class = "equation" })
end

return { { Pandoc = structured }, { traverse = "topdown", Inlines = tidied, Cite = function(cite) return cite, false end }, { Math = equation } }
