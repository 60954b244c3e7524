-- The paper as LaTeX for IEEEtran: floats, booktabs tables that fit their column, listings, citations, references.

local columns = dofile(pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "columns.lua" }))
local SPECIAL = { ["\\"] = "\\textbackslash{}", ["{"] = "\\{", ["}"] = "\\}", ["$"] = "\\$", ["&"] = "\\&", ["#"] = "\\#", ["%"] = "\\%", ["_"] = "\\_",
  ["^"] = "\\textasciicircum{}", ["~"] = "\\textasciitilde{}", ["'"] = "\\textquotesingle{}", ["`"] = "\\textasciigrave{}", ['"'] = "\\textquotedbl{}",
  ["-"] = "-{}" }
local ALIGN = { AlignRight = "r", AlignCenter = "c", AlignLeft = "l", AlignDefault = "l" }
local RAGGED = { AlignRight = "\\raggedleft", AlignCenter = "\\centering", AlignLeft = "\\raggedright", AlignDefault = "\\raggedright" }
local SIZES = { [8] = "\\footnotesize", [7] = "\\scriptsize", [6] = "\\fontsize{6}{7}\\selectfont" }

local function tex(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), "latex", { wrap_text = "none" }):gsub("%s+$", ""))
end

local function raw(text)
  return pandoc.RawBlock("latex", text)
end

-- ------------------------------------------------------------------ inlines
local function code(item)
  local text = item.text:gsub("[\\{}$&#%%_^~'`\"-]", SPECIAL):gsub("([/.:,=]+)", "%1\\allowbreak{}"):gsub("\\_", "\\_\\allowbreak{}")
  return pandoc.RawInline("latex", "\\texttt{" .. text:gsub("\\allowbreak{}$", "") .. "}")
end

local function cite(item)
  local groups, plain = {}, {}
  local function flush()
    if #plain > 0 then table.insert(groups, "\\cite{" .. table.concat(plain, ",") .. "}") end
    plain = {}
  end
  for _, one in ipairs(item.citations) do
    local place = pandoc.utils.stringify(one.suffix):gsub("^[,%s]+", "")
    if place == "" then
      table.insert(plain, one.id)
    else
      flush()
      table.insert(groups, "\\cite[" .. tex({ pandoc.Plain({ pandoc.Str(place) }) }) .. "]{" .. one.id .. "}")
    end
  end
  flush()
  return pandoc.RawInline("latex", table.concat(groups, ", "))
end

-- A citation stays with the word before it; a long coordinate may break behind a slash.
local function inlines(items)
  for place, item in ipairs(items) do
    if item.t == "Cite" and place > 1 and (items[place - 1].t == "Space" or items[place - 1].t == "SoftBreak") then
      items[place - 1] = pandoc.RawInline("latex", "~")
    elseif item.t == "Str" and item.text:match("%d/%d") then
      local pieces = pandoc.List()
      for piece, slash in item.text:gmatch("([^/]+)(/?)") do
        pieces:insert(pandoc.Str(piece .. slash))
        if slash ~= "" then pieces:insert(pandoc.RawInline("latex", "\\allowbreak{}")) end
      end
      items[place] = pandoc.Span(pieces)
    end
  end
  return items
end

local function span(item)
  if item.classes:includes("equation") then
    return pandoc.RawInline("latex", "\n\\begin{equation}\n" .. item.content[1].text:gsub("^%s+", ""):gsub("%s+$", "") ..
      "\n\\label{" .. item.identifier .. "}\n\\end{equation}\n")
  end
  return item.content
end

local function link(item)
  if item.classes:includes("ref") then return pandoc.RawInline("latex", "\\ref{" .. item.target:sub(2) .. "}") end
end

-- ------------------------------------------------------------------ blocks
local function figure(block)
  local path = pandoc.utils.blocks_to_inlines(block.content)[1].src:gsub("%.svg$", ".pdf")
  local number = block.identifier:match("%d+")
  return raw("\\begin{figure}[t]\n\\centering\n\\setcounter{figure}{" .. number - 1 .. "}\n\\includegraphics[width=\\columnwidth]{" .. path .. "}\n\\caption{" ..
    tex(block.caption.long) .. "}\n\\label{" .. block.identifier .. "}\n\\end{figure}")
end

local function row(cells)
  return table.concat(pandoc.List(cells):map(tex), " & ") .. " \\\\"
end

local function tabular(simple, layout)
  local spec = {}
  for place, align in ipairs(simple.aligns) do
    local width = layout.widths[place]
    spec[place] = width and string.format(">{%s\\arraybackslash}p{%.1fpt}", RAGGED[align], width) or ALIGN[align]
  end
  local lines = { SIZES[layout.size], "\\setlength{\\tabcolsep}{4pt}\\renewcommand{\\arraystretch}{1.1}", "\\begin{tabular}{@{}" .. table.concat(spec) .. "@{}}", "\\toprule", row(simple.headers), "\\midrule" }
  for _, cells in ipairs(simple.rows) do table.insert(lines, row(cells)) end
  table.insert(lines, "\\bottomrule\n\\end{tabular}")
  return table.concat(lines, "\n")
end

-- Layouts are worked out while cells still are text.
local layouts = pandoc.List()
local function measure(block) layouts:insert(columns.layout(block)) end

local function float(block)
  local layout = layouts:remove(1)
  local body = tabular(pandoc.utils.to_simple_table(block), layout)
  if block.identifier == "" then return raw("{\\setlength{\\topsep}{3.5pt}\\begin{center}\n" .. body .. "\n\\end{center}}\\vspace{1.5pt}") end
  local name, number = layout.wide and "table*" or "table", block.identifier:match("%d+")
  local notes = block.caption.long[2] and "\n\n\\smallskip\n\\parbox{\\linewidth}{" .. SIZES[layout.size] .. " " .. tex({ block.caption.long[2] }) .. "}" or ""
  return raw("\\begin{" .. name .. "}[t]\n\\centering\n\\setcounter{table}{" .. number - 1 .. "}\n\\caption{" .. tex({ block.caption.long[1] }) .. "}\n\\label{" ..
    block.identifier .. "}\n" .. body .. notes .. "\n\\end{" .. name .. "}")
end

local function listing(block)
  local text = block.text:gsub("%s+$", "")
  if block.classes[1] == "python" then return raw("\\begin{lstlisting}[style=python]\n" .. text .. "\n\\end{lstlisting}") end
  local size = columns.letters(text, 7, 0.475)
  return raw(string.format("\\begin{lstlisting}[style=diagram,basicstyle=\\ttfamily\\fontsize{%.1f}{%.1f}\\selectfont]\n%s\n\\end{lstlisting}", size, size * 1.12, text))
end

return { { Table = measure }, { Inlines = inlines }, { Code = code, Cite = cite, Span = span, Link = link },
  { Figure = figure, Table = float, CodeBlock = listing } }
