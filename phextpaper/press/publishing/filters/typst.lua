-- The paper as typst: the same floats, tables, listings and references as in LaTeX, for the frame ieee.typ.

local columns = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "columns.lua" }))
local ALIGN = { AlignRight = "right", AlignCenter = "center", AlignLeft = "left", AlignDefault = "left" }

local function typst(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), "typst", { wrap_text = "none" }):gsub("%s+$", ""))
end

local function raw(text)
  return pandoc.RawBlock("typst", text)
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

local function cite(item)
  local found = {}
  for _, one in ipairs(item.citations) do
    local place = pandoc.utils.stringify(one.suffix):gsub("^[,%s]+", "")
    table.insert(found, place == "" and "#cite(<" .. one.id .. ">)" or "#cite(<" .. one.id .. ">, supplement: " .. "[" .. typst({ pandoc.Plain({ pandoc.Str(place) }) }) .. "])")
  end
  return pandoc.RawInline("typst", table.concat(found))
end

local function inlines(items)
  for place, item in ipairs(items) do
    if item.t == "Cite" and place > 1 and (items[place - 1].t == "Space" or items[place - 1].t == "SoftBreak") then items[place - 1] = pandoc.RawInline("typst", "~") end
  end
  return items
end

local function link(item)
  if item.classes:includes("ref") then
    return pandoc.RawInline("typst", "#link(<" .. item.target:sub(2) .. ">)[" .. pandoc.utils.stringify(item) .. "]")
  end
end

-- A formula on a line of its own, with its number.
local function span(item)
  if not item.classes:includes("equation") then return item.content end
  return pandoc.RawInline("typst", typst({ pandoc.Plain(item.content) }) .. " <" .. item.identifier .. ">\n")
end

local function float(block, body, kind, wide)
  return raw("#exhibit(" .. kind .. ", " .. block.identifier:match("%d+") .. ", wide: " .. tostring(wide) .. ", [" .. typst({ block.caption.long[1] }) .. "], " .. body ..
    (block.caption.long[2] and ", notes: [" .. typst({ block.caption.long[2] }) .. "]" or "") .. ") <" .. block.identifier .. ">")
end

local function figure(block)
  local path = pandoc.utils.blocks_to_inlines(block.content)[1].src:gsub("%.svg$", ".pdf")
  return float(block, "image(" .. quoted(path) .. ", width: 100%, alt: " .. quoted(pandoc.utils.stringify(block.caption.long)) .. ")", "image", false)
end

local function row(cells)
  return table.concat(pandoc.List(cells):map(function(cell) return "[" .. typst(cell) .. "]" end), ", ")
end

local layouts = pandoc.List()
local function measure(block) layouts:insert(columns.layout(block)) end

local function tabular(block)
  local layout, simple = layouts:remove(1), pandoc.utils.to_simple_table(block)
  local widths, aligns = {}, {}
  for place, align in ipairs(simple.aligns) do
    widths[place] = layout.widths[place] and string.format("%.1fpt", layout.widths[place]) or "auto"
    aligns[place] = ALIGN[align]
  end
  local lines = { "tabular(" .. layout.size .. "pt, (" .. table.concat(widths, ", ") .. ",), (" .. table.concat(aligns, ", ") .. ",), (" .. row(simple.headers) .. ",)" }
  for _, cells in ipairs(simple.rows) do table.insert(lines, "  " .. row(cells)) end
  local body = table.concat(lines, ",\n") .. ")"
  if block.identifier == "" then return raw("#align(center, " .. body .. ")") end
  return float(block, body, "table", layout.wide)
end

local function listing(block)
  local text, python = block.text:gsub("%s+$", ""), block.classes[1] == "python"
  local size = python and 6.2 or columns.letters(text, 7, 0.61)
  return raw(string.format("#listing(%.1fpt, %s, %s)", size, python and '"python"' or "none", quoted(text)))
end

return { { Table = measure }, { Inlines = inlines }, { Cite = cite, Span = span, Link = link }, { Figure = figure, Table = tabular, CodeBlock = listing } }
